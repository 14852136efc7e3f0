/* Tells what the memory of this program is for, part by part: for people who
 * look for where it went. */
#ifndef GAOSHI_DISPLAY_MEMORY_H
#define GAOSHI_DISPLAY_MEMORY_H

#include "display/edge/app/display.h"

#include <stdio.h>

/* A line for each part with its KiB, then the sum that the kernel tells. Parts
 * that are mapped files or shared memory are the program's share of them (PSS);
 * layers, atlas and SQLite's pages are what was asked for. */
void memory_print(const struct display *display, FILE *out);

#endif
