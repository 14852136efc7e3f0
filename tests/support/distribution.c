/* Quantiles by nearest rank: each of them is a value that was measured. */
#include "tests/support/distribution.h"

#include <math.h>
#include <stdlib.h>

void distribution_add(struct distribution *distribution, double value)
{
    if (distribution->count == distribution->capacity) {
        size_t more = distribution->capacity ? 2 * distribution->capacity : 64;
        double *grown = realloc(distribution->values, more * sizeof *grown);
        if (!grown)
            abort();
        distribution->values = grown;
        distribution->capacity = more;
    }
    distribution->values[distribution->count++] = value;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

double distribution_at(struct distribution *distribution, double part)
{
    if (distribution->count == 0)
        return 0;
    qsort(distribution->values, distribution->count, sizeof(double), compare);
    double rank = ceil(part * (double)distribution->count);
    return distribution->values[rank < 1 ? 0 : (size_t)rank - 1];
}

void distribution_finish(struct distribution *distribution)
{
    free(distribution->values);
    *distribution = (struct distribution){0};
}
