#ifndef CLEAN_VECTOR_LOOPS_H
#define CLEAN_VECTOR_LOOPS_H

#include <stdbool.h>
#include <stddef.h>

// The loops in which models spend their time. Each has the same result, bit for bit, on every processor: numbers
// are added and multiplied eight at a time in the same order, by whatever instructions there are.

/// Rows of dense features, some of which are looked at.
struct clean_rows {
  const float *_Nonnull features;
  /// Floats of a row, a multiple of eight.
  size_t width;
  const long *_Nonnull rows;
  size_t count;
};

/// Adds to the scores of the rows, `outputs` of each, the products of their features and the weights of each
/// output, `width` of each.
void clean_add_scores(
    struct clean_rows rows, const float *_Nonnull weights, size_t outputs, float *_Nonnull scores);

/// Adds to the gradient, `width` for each output, the features of the rows times their residuals, `outputs` of each.
void clean_add_gradient(
    struct clean_rows rows, const float *_Nonnull residuals, size_t outputs, float *_Nonnull gradient);

/// A matrix somewhere in memory.
struct clean_matrix {
  float *_Nonnull base;
  /// Floats from one row, or column, to the next.
  ptrdiff_t row_stride, column_stride;
};

/// Writes the product of `left`, `rows` by `shared`, and `right`, `shared` by `columns`.
///
/// `columns` is a multiple of eight, and they lie together in `product` and in `right`.
void clean_set_product(
    struct clean_matrix product, struct clean_matrix left, struct clean_matrix right, size_t rows, size_t shared,
    size_t columns);

/// Whether the loops above use vectors of the processor that hold eight floats.
bool clean_has_wide_vectors(void);

/// Turns their use off and on, so that a test can compare both ways.
void clean_use_wide_vectors(bool use);

#endif
