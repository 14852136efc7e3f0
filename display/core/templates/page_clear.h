/* What 解除 has to say: of the alert that ended, as the screen knew it, or of
 * the cancel alone. */
#ifndef GAOSHI_DISPLAY_PAGE_CLEAR_H
#define GAOSHI_DISPLAY_PAGE_CLEAR_H

#include "display/core/templates/page_alert.h"

/* «洪水　红色预警» */
const char *page_clear_event(struct page_build *build);

/* «仍有 2 条预警生效»: who reads that one ended is not to think that all are
 * over. "" where none is left. */
const char *page_clear_remaining(struct page_build *build);

/* «All clear: Flood»; "" where the alert had no English. */
const char *page_clear_english(struct page_build *build);

/* Where it held, who said so, since when it is over. */
void page_clear_facts(struct page_build *build, struct alert_facts *out);

void page_clear_colours(struct page_build *build);

#endif
