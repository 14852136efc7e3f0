/* Pages for tests: themes and messages of the source tree, set for a glass. */
#ifndef GAOSHI_TESTS_SUPPORT_PAGES_H
#define GAOSHI_TESTS_SUPPORT_PAGES_H

#include "display/core/page/furniture.h"
#include "display/core/page/page.h"

/* 2021-09-08T09:30:00+08:00, 八月初二: when test pages are shown. */
#define PAGES_NOW_MS INT64_C(1631064600000)
enum { PAGES_OFFSET_MINUTES = 480 };

/* Each fails the running test when it cannot be done. */
void pages_theme(const char *name, struct theme *out); /* "night" */

/* A file of the source tree, as a draft or on the wire; message_destroy. */
struct message *pages_message(const char *path);
struct message *pages_message_text(const char *json);

/* A glass of plain metrics, full motion and the geometry that belongs to the
 * kind: panels between the furniture, everything else on the whole glass. */
struct page_context pages_context(const struct theme *theme, int width,
                                  int height, enum message_kind kind);

/* The page with its furniture on the whole glass, at a time;
 * draw_list_finish. */
struct draw_list pages_frame(const struct page_set *set,
                             const struct page_context *context,
                             const struct geometry *glass,
                             const struct message *message, size_t page,
                             int64_t t_ms);

/* A message set for a glass as above; page_set_destroy. */
struct page_set *pages_set(const struct theme *theme,
                           const struct message *message, int width, int height,
                           enum motion_level motion);

/* A page alone at a time; draw_list_finish. */
struct draw_list pages_at(const struct page_set *set, size_t page, int64_t t_ms,
                          int64_t now_ms);

/* The line of text that is just this; NULL: none. */
const struct draw_item *pages_find(const struct draw_list *list,
                                   const char *text);

/* Sizes of the glasses that everything must fit. */
struct pages_size {
    int width, height;
};
enum { PAGES_SIZES = 10 };
extern const struct pages_size pages_sizes[PAGES_SIZES];

#endif
