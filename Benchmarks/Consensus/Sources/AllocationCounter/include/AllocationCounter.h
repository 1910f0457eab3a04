#pragma once

#include <stdint.h>

// How many blocks this process has asked malloc, calloc, realloc and their aligned relatives for,
// on all threads. Always 0 where the C library is not glibc.
uint64_t allocation_count(void);
