/** Figures of the protocol. All sizes are octets. */

/** Length of every frame header (RFC 9113 section 4.1). It does not count as payload. */
export const FRAME_HEADER_LENGTH = 9;

/** The payload everyone must accept, and the smallest SETTINGS_MAX_FRAME_SIZE (RFC 9113 section 4.2). */
export const DEFAULT_MAX_FRAME_SIZE = 16_384;

/** The longest payload the 24-bit length can say, and the largest SETTINGS_MAX_FRAME_SIZE. */
export const LARGEST_MAX_FRAME_SIZE = 16_777_215;

/** What every flow-control window starts with (RFC 9113 section 6.9.2). */
export const DEFAULT_WINDOW_SIZE = 65_535;

/** The largest flow-control window (RFC 9113 section 6.9.1). */
export const LARGEST_WINDOW_SIZE = 2_147_483_647;

/** The largest stream identifier (RFC 9113 section 5.1.1). */
export const LARGEST_STREAM_ID = 2_147_483_647;

/** The HPACK table size both sides start with (RFC 9113 section 6.5.2). */
export const DEFAULT_HEADER_TABLE_SIZE = 4096;

/** The largest 32-bit value a setting can have. */
export const LARGEST_SETTING_VALUE = 4_294_967_295;
