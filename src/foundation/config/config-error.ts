/** A setting that cannot be used; its message names the setting and is all that a person needs. */
export class ConfigError extends Error {}
