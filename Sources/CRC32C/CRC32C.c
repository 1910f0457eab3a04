#include "CRC32C.h"

#include <stdatomic.h>
#include <string.h>

// The Castagnoli polynomial 0x1EDC6F41, bit-reversed.
static const uint32_t polynomial = 0x82F63B78u;

// MARK: Portable: eight bytes a step ("slicing-by-8", Kounavis and Berry, 2005)

static uint32_t tables[8][256];
static atomic_int tables_ready;

// Only the thread that moves `tables_ready` from 0 writes; the others wait until it is done.
static void make_tables(void) {
  uint32_t made[8][256];
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (polynomial & (0u - (crc & 1u)));
    made[0][byte] = crc;
  }
  for (int table = 1; table < 8; table++)
    for (uint32_t byte = 0; byte < 256; byte++) {
      uint32_t crc = made[table - 1][byte];
      made[table][byte] = (crc >> 8) ^ made[0][crc & 0xFF];
    }
  int expected = 0;
  if (atomic_compare_exchange_strong(&tables_ready, &expected, 1)) {
    memcpy(tables, made, sizeof tables);
    atomic_store_explicit(&tables_ready, 2, memory_order_release);
  } else {
    while (atomic_load_explicit(&tables_ready, memory_order_acquire) != 2) {
    }
  }
}

uint32_t clean_crc32c_portable(uint32_t crc, const void *bytes, size_t length) {
  if (atomic_load_explicit(&tables_ready, memory_order_acquire) != 2) make_tables();
  const uint8_t *p = bytes;
  crc = ~crc;
  for (; length >= 8; length -= 8, p += 8) {
    uint32_t low = crc ^ ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16
                          | (uint32_t)p[3] << 24);
    crc = tables[7][low & 0xFF] ^ tables[6][(low >> 8) & 0xFF] ^ tables[5][(low >> 16) & 0xFF]
          ^ tables[4][low >> 24] ^ tables[3][p[4]] ^ tables[2][p[5]] ^ tables[1][p[6]]
          ^ tables[0][p[7]];
  }
  for (; length; length--, p++) crc = (crc >> 8) ^ tables[0][(crc ^ *p) & 0xFF];
  return ~crc;
}

// MARK: By the processor's instruction

#if defined(__x86_64__)

#include <cpuid.h>

static int has_instruction(void) {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2);
}

__attribute__((target("sse4.2")))
static uint32_t by_instruction(uint32_t crc, const void *bytes, size_t length) {
  const uint8_t *p = bytes;
  uint64_t state = (uint32_t)~crc;
  for (; length >= 8; length -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    state = __builtin_ia32_crc32di(state, word);
  }
  uint32_t rest = (uint32_t)state;
  for (; length; length--, p++) rest = __builtin_ia32_crc32qi(rest, *p);
  return ~rest;
}

#elif defined(__aarch64__)

#if defined(__linux__)
#include <sys/auxv.h>
static int has_instruction(void) {
  return (getauxval(AT_HWCAP) & (1ul << 7)) != 0;  // HWCAP_CRC32
}
#else
static int has_instruction(void) { return 1; }  // every Apple processor
#endif

__attribute__((target("crc")))
static uint32_t by_instruction(uint32_t crc, const void *bytes, size_t length) {
  const uint8_t *p = bytes;
  uint32_t state = ~crc;
  for (; length >= 8; length -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    state = __builtin_arm_crc32cd(state, word);
  }
  for (; length; length--, p++) state = __builtin_arm_crc32cb(state, *p);
  return ~state;
}

#else

static int has_instruction(void) { return 0; }
static uint32_t by_instruction(uint32_t crc, const void *bytes, size_t length) {
  return clean_crc32c_portable(crc, bytes, length);
}

#endif

// 0 unknown, 1 yes, 2 no. Threads that race store the same value.
static atomic_int instruction;

uint32_t clean_crc32c(uint32_t crc, const void *bytes, size_t length) {
  int known = atomic_load_explicit(&instruction, memory_order_relaxed);
  if (!known) {
    known = has_instruction() ? 1 : 2;
    atomic_store_explicit(&instruction, known, memory_order_relaxed);
  }
  return known == 1 ? by_instruction(crc, bytes, length)
                    : clean_crc32c_portable(crc, bytes, length);
}
