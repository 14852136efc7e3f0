/* What the board tells of itself: memory, disk, temperature, why it slows down.
 * What cannot be read counts as not known. */
#ifndef GAOSHI_DISPLAY_MACHINE_H
#define GAOSHI_DISPLAY_MACHINE_H

#include <stdint.h>

enum { MACHINE_SYSTEM_BYTES = 120, MACHINE_THROTTLED_BYTES = 96 };

struct machine_vitals {
    int64_t resident_bytes; /* of this program; 0: not known, as all below */
    int64_t memory_free_bytes;
    int64_t disk_free_bytes;                 /* where the store lies */
    int temperature_c;                       /* the hottest sensor, rounded */
    char throttled[MACHINE_THROTTLED_BYTES]; /* "": it does not slow down */
};

/* A few small files are read: for every few minutes, not for every frame.
 * store_file "": no disk is looked at. */
void machine_read(const char *store_file, struct machine_vitals *out);

/* Kernel, its release, the machine, the board's name where it has one. */
void machine_describe(char out[MACHINE_SYSTEM_BYTES]);

#endif
