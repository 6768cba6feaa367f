import { setFlagsFromString } from 'node:v8';

/**
 * To be imported before anything else. Left alone, V8 sizes its heap by the machine: on a large one it lets garbage grow to several
 * times of what is in use before it looks. A back office shares its machine with a database, so the old generation is collected after
 * it has grown by 10 %, and the young one stays at 4 MB. There is no hard limit: what is needed is given.
 * Measured with 20 lists at once: 320 to 350 MB resident instead of 550 to 680, for 8 % more time.
 */
setFlagsFromString('--heap-growing-percent=10');
setFlagsFromString('--max-semi-space-size=4');
setFlagsFromString('--semi-space-growth-factor=1');
