/* The light behind a panel, as the kernel's backlight class has it. */
#ifndef GAOSHI_DISPLAY_BACKLIGHT_H
#define GAOSHI_DISPLAY_BACKLIGHT_H

#include <stdbool.h>

enum { BACKLIGHT_PATH_BYTES = 1024 };

/* Zeroed: there is none. */
struct backlight {
    char file[BACKLIGHT_PATH_BYTES]; /* "": none */
    int most;                        /* the greatest value of the file */
};

/* Finds the first device of the class's folder. False: there is none. */
bool backlight_find(struct backlight *backlight, const char *folder);

/* 0 … 100 per cent; 0 is the least light that the device gives, not darkness.
 * False: it cannot be written, or there is none. */
bool backlight_set(const struct backlight *backlight, int percent);

#endif
