/* Measured values and how they are spread. */
#ifndef GAOSHI_TESTS_SUPPORT_DISTRIBUTION_H
#define GAOSHI_TESTS_SUPPORT_DISTRIBUTION_H

#include <stddef.h>

/* Zeroed is empty; distribution_finish. */
struct distribution {
    double *values;
    size_t count, capacity;
};

/* Aborts without memory: benches only. */
void distribution_add(struct distribution *distribution, double value);

/* The value that this part of all (0 … 1) does not exceed, by nearest rank;
 * 0 when there is none. Sorts the values. */
double distribution_at(struct distribution *distribution, double part);

void distribution_finish(struct distribution *distribution);

#endif
