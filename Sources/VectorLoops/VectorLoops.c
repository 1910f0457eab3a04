#include "VectorLoops.h"

#include <stdatomic.h>

// A fused multiplication and addition rounds once instead of twice.
#pragma STDC FP_CONTRACT OFF

/// Eight floats anywhere in memory.
typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));

#define EIGHT(pointer) (*(const eight *)(pointer))
#define SET(pointer, value) (*(eight *)(pointer) = (value))
#define INLINE static inline __attribute__((always_inline))

/// Adds the scores of some rows and outputs at once, which share what is loaded and need not wait for each
/// other's additions. Both numbers are constants.
INLINE void add_scores_of(
    size_t row_count, size_t output_count, struct clean_rows r, size_t position, const float *weights, float *scores,
    size_t outputs) {
  eight sums[4][4] = {0};
  const float *x[4];
  for (size_t row = 0; row < row_count; row++) x[row] = r.features + r.rows[position + row] * r.width;
  for (size_t i = 0; i < r.width; i += 8)
    for (size_t output = 0; output < output_count; output++) {
      eight w = EIGHT(weights + output * r.width + i);
      for (size_t row = 0; row < row_count; row++) sums[row][output] += EIGHT(x[row] + i) * w;
    }
  for (size_t row = 0; row < row_count; row++)
    for (size_t output = 0; output < output_count; output++) {
      const eight *v = &sums[row][output];
      // Always in the same order.
      scores[(position + row) * outputs + output] +=
          (((*v)[0] + (*v)[4]) + ((*v)[2] + (*v)[6])) + (((*v)[1] + (*v)[5]) + ((*v)[3] + (*v)[7]));
    }
}

INLINE void add_scores(struct clean_rows r, const float *weights, size_t outputs, float *scores) {
  for (size_t position = 0; position < r.count;) {
    bool are_four = position + 4 <= r.count;
    size_t output = 0;
    for (; output + 4 <= outputs; output += 4) {
      const float *w = weights + output * r.width;
      if (are_four) {
        add_scores_of(2, 4, r, position, w, scores + output, outputs);
        add_scores_of(2, 4, r, position + 2, w, scores + output, outputs);
      } else {
        add_scores_of(1, 4, r, position, w, scores + output, outputs);
      }
    }
    for (; output < outputs; output++) {
      const float *w = weights + output * r.width;
      if (are_four) {
        add_scores_of(4, 1, r, position, w, scores + output, outputs);
      } else {
        add_scores_of(1, 1, r, position, w, scores + output, outputs);
      }
    }
    position += are_four ? 4 : 1;
  }
}

/// Adds what some rows contribute to an output's gradient, one after the other.
INLINE void add_gradient_of(
    size_t row_count, struct clean_rows r, size_t position, const float *residuals, size_t outputs, float *gradient) {
  const float *x[4];
  float g[4];
  for (size_t row = 0; row < row_count; row++) {
    x[row] = r.features + r.rows[position + row] * r.width;
    g[row] = residuals[(position + row) * outputs];
  }
  for (size_t i = 0; i < r.width; i += 8) {
    eight sum = EIGHT(gradient + i);
    for (size_t row = 0; row < row_count; row++) sum += g[row] * EIGHT(x[row] + i);
    SET(gradient + i, sum);
  }
}

INLINE void add_gradient(struct clean_rows r, const float *residuals, size_t outputs, float *gradient) {
  size_t position = 0;
  for (; position + 4 <= r.count; position += 4)
    for (size_t output = 0; output < outputs; output++)
      add_gradient_of(4, r, position, residuals + output, outputs, gradient + output * r.width);
  for (; position < r.count; position++)
    for (size_t output = 0; output < outputs; output++)
      add_gradient_of(1, r, position, residuals + output, outputs, gradient + output * r.width);
}

/// Writes some rows and eights of columns of a product. Both numbers are constants.
INLINE void set_product_of(
    size_t row_count, size_t eights, struct clean_matrix p, struct clean_matrix l, struct clean_matrix r, size_t row,
    size_t column, size_t shared) {
  eight sums[4][2] = {0};
  const float *left = l.base + row * l.row_stride, *right = r.base + column;
  for (size_t i = 0; i < shared; i++, left += l.column_stride, right += r.row_stride)
    for (size_t j = 0; j < row_count; j++)
      for (size_t k = 0; k < eights; k++) sums[j][k] += EIGHT(right + 8 * k) * left[j * l.row_stride];
  for (size_t j = 0; j < row_count; j++)
    for (size_t k = 0; k < eights; k++) SET(p.base + (row + j) * p.row_stride + column + 8 * k, sums[j][k]);
}

INLINE void set_product(
    struct clean_matrix p, struct clean_matrix l, struct clean_matrix r, size_t rows, size_t shared, size_t columns) {
  for (size_t column = 0; column < columns;) {
    bool are_two = column + 16 <= columns;
    size_t row = 0;
    for (; row + 4 <= rows; row += 4) {
      if (are_two) {
        set_product_of(4, 2, p, l, r, row, column, shared);
      } else {
        set_product_of(4, 1, p, l, r, row, column, shared);
      }
    }
    for (; row < rows; row++) {
      set_product_of(1, 1, p, l, r, row, column, shared);
      if (are_two) set_product_of(1, 1, p, l, r, row, column + 8, shared);
    }
    column += are_two ? 16 : 8;
  }
}

// Each loop as the compiler's target has it, and with wider vectors where the processor may have them.

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2")))
static bool has_wide_vectors(void) { return __builtin_cpu_supports("avx2"); }
#else
#define WIDE
static bool has_wide_vectors(void) { return false; }
#endif

// 0 unknown, 1 yes, 2 no.
static atomic_int wide;

bool clean_has_wide_vectors(void) {
  int known = atomic_load_explicit(&wide, memory_order_relaxed);
  if (!known) {
    int found = has_wide_vectors() ? 1 : 2;
    // Unless it is known meanwhile, which `known` then is.
    if (atomic_compare_exchange_strong(&wide, &known, found)) known = found;
  }
  return known == 1;
}

void clean_use_wide_vectors(bool use) {
  atomic_store_explicit(&wide, use && has_wide_vectors() ? 1 : 2, memory_order_relaxed);
}

#define LOOPS(attributes, name) \
  attributes static void add_scores_##name(struct clean_rows r, const float *w, size_t outputs, float *z) { \
    add_scores(r, w, outputs, z); \
  } \
  attributes static void add_gradient_##name(struct clean_rows r, const float *g, size_t outputs, float *s) { \
    add_gradient(r, g, outputs, s); \
  } \
  attributes static void set_product_##name( \
      struct clean_matrix p, struct clean_matrix l, struct clean_matrix r, size_t rows, size_t shared, \
      size_t columns) { \
    set_product(p, l, r, rows, shared, columns); \
  }
LOOPS(WIDE, wide)
LOOPS(, portable)

void clean_add_scores(struct clean_rows rows, const float *weights, size_t outputs, float *scores) {
  (clean_has_wide_vectors() ? add_scores_wide : add_scores_portable)(rows, weights, outputs, scores);
}

void clean_add_gradient(struct clean_rows rows, const float *residuals, size_t outputs, float *gradient) {
  (clean_has_wide_vectors() ? add_gradient_wide : add_gradient_portable)(rows, residuals, outputs, gradient);
}

void clean_set_product(
    struct clean_matrix p, struct clean_matrix l, struct clean_matrix r, size_t rows, size_t shared, size_t columns) {
  (clean_has_wide_vectors() ? set_product_wide : set_product_portable)(p, l, r, rows, shared, columns);
}
