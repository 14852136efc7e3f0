/* A picture of many pages: each panel as it first appears, in the order of
 * time, with the marks around it, whose clock tells when that is. */
#ifndef GAOSHI_DISPLAY_CONTACT_SHEET_H
#define GAOSHI_DISPLAY_CONTACT_SHEET_H

#include "display/edge/app/frame.h"

/* The most pages of one sheet; further ones are left out. */
enum { CONTACT_SHEET_MAX = 60 };

struct contact_sheet;

/* Everything is borrowed. NULL: no memory. */
struct contact_sheet *contact_sheet_create(struct glass *glass,
                                           struct page_cache *cache,
                                           const char *place_name);
void contact_sheet_destroy(struct contact_sheet *sheet); /* NULL: nothing */

/* Draws the page at rest if it does not stand on the sheet yet. wall_ms: what
 * the clock shows. */
void contact_sheet_add(struct contact_sheet *sheet,
                       const struct message *message, size_t page,
                       int64_t wall_ms);

/* False also if nothing was added. */
bool contact_sheet_write(const struct contact_sheet *sheet, const char *file,
                         struct problem *problem);

#endif
