/* Compares words by their edit distance. */
#include "base/word.h"

#include <string.h>

enum { LETTERS_MAX = 64, DISTANCE_MAX = 3 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* How many letters to insert, drop, change or swap with the next one. */
static int distance(const char *a, const char *b)
{
    int rows[3][LETTERS_MAX + 1]; /* row i is rows[i % 3] */
    int width = least((int)strlen(b), LETTERS_MAX);

    for (int j = 0; j <= width; j++)
        rows[0][j] = j;
    int i = 1;
    for (; a[i - 1] && i <= LETTERS_MAX; i++) {
        int *row = rows[i % 3], *above = rows[(i - 1) % 3];
        row[0] = i;
        for (int j = 1; j <= width; j++) {
            row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]),
                           1 + least(above[j], row[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], 1 + rows[(i - 2) % 3][j - 2]);
        }
    }
    return rows[(i - 1) % 3][width];
}

bool word_is_nearer(const char *typed, const char *candidate, int *nearest)
{
    int limit = least(DISTANCE_MAX, ((int)strlen(typed) + 2) / 3);
    int far = distance(typed, candidate);

    if (far > limit || far >= *nearest)
        return false;
    *nearest = far;
    return true;
}
