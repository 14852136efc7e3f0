/* What a process uses, as the kernel counts it. */
#ifndef GAOSHI_TESTS_SUPPORT_VITALS_H
#define GAOSHI_TESTS_SUPPORT_VITALS_H

#include <stdbool.h>
#include <sys/types.h>

struct vitals {
    long resident_kib;
    long peak_kib; /* of resident memory, since its start */
    int files;     /* open descriptors */
    int threads;
    double cpu_ms; /* of all its threads, those that ended too */
    long touched;  /* pages of memory that were supplied at the first touch, of
                      any size */
    /* Of its living threads: how often they went to sleep by themselves. */
    long wake_ups;
};

/* False: there is no such process. */
bool vitals_read(pid_t pid, struct vitals *out);

#endif
