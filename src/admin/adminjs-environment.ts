import { join } from 'node:path';

// AdminJS reads these two when it is imported, not when it is constructed, and has no option for them. The directory must
// be absolute and have no dot in it: its own static serving refuses dot directories.
process.env.ADMIN_JS_TMP_DIR ??= join(import.meta.dirname, '../../build/adminjs');
process.env.ADMIN_JS_SKIP_BUNDLE ??= 'true';
