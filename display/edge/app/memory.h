/* Asks for the memory that a display is going to use, and tells what it is for,
 * part by part: for people who look for where it went. */
#ifndef GAOSHI_DISPLAY_MEMORY_H
#define GAOSHI_DISPLAY_MEMORY_H

#include "display/edge/app/display.h"

#include <stdio.h>

/* Call it at the beginning: the heap of a display is supplied in large pages,
 * where the kernel has them. Page by page, at the first write to each, that
 * takes a fifth of a start. */
void memory_prepare(void);

/* A line for each part with its KiB, then the sum that the kernel tells. Parts
 * that are mapped files or shared memory are the program's share of them (PSS);
 * layers, atlas and SQLite's pages are what was asked for. */
void memory_print(const struct display *display, FILE *out);

#endif
