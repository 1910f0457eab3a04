#ifndef CLEAN_CRC32C_H
#define CLEAN_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/// Extends a CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4) by `length` bytes.
/// Start with `crc` 0. Uses the processor's CRC instruction where there is one.
uint32_t clean_crc32c(uint32_t crc, const void *_Nullable bytes, size_t length);

/// The portable table-driven version, public so that a test can compare the two.
uint32_t clean_crc32c_portable(uint32_t crc, const void *_Nullable bytes, size_t length);

#endif
