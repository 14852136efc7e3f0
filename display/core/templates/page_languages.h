/* A panel in several languages: what stands in other languages than Chinese is
 * said below it, in the same places of every template. */
#ifndef GAOSHI_DISPLAY_PAGE_LANGUAGES_H
#define GAOSHI_DISPLAY_PAGE_LANGUAGES_H

#include "protocol/message.h"

#include <stdbool.h>

struct page_languages;

/* *out: the message as it is to be set; it is the same one if it has no other
 * language, and lives as long as *own otherwise. False: no memory. */
bool page_languages_join(const struct message *message,
                         struct page_languages **own,
                         const struct message **out);
void page_languages_destroy(struct page_languages *own); /* NULL: nothing */

#endif
