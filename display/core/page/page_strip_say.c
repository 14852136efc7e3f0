/* How a strip says a text: as large as it stands there whole. */
#include "display/core/page/page_strip.h"

#include "base/utf8.h"
#include "display/core/page/page_figure.h"

#include <stdio.h>
#include <string.h>

enum { ONE_LINE_LEADING_PERCENT = 104 };
enum { BELOW_ALERT_PERCENT = 130 };

struct page_text page_strip_text(const struct page_build *build,
                                 const char *text, enum type_role role,
                                 draw_colour colour)
{
    return (struct page_text){.text = text,
                              .role = role,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = colour,
                              .align = TYPESET_CENTRE,
                              .balanced = true,
                              .leading_percent = PAGE_STRIP_LEADING};
}

int page_strip_most_px(const struct page_build *build, enum page_size size,
                       int most_px)
{
    int below_px = build->sizes[size] * BELOW_ALERT_PERCENT / 100;
    bool below = build->message->kind == MESSAGE_PANEL &&
                 build->context->place.presentation != PRESENTATION_FULL;
    return below && below_px < most_px ? below_px : most_px;
}

int page_strip_lines(const struct page_build *build)
{
    int line = build->sizes[SIZE_LEGAL] * PAGE_STRIP_LEADING / 100;
    int lines = build->area.height / line;
    return lines > 1 ? lines : 1;
}

/* One line needs less leading, unless its letters reach below the base line
 * further than Chinese characters do. */
static int one_line_leading(const char *text)
{
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text)) {
        if (c >= 'a' && c < 0x2E80)
            return PAGE_STRIP_LEADING;
    }
    return ONE_LINE_LEADING_PERCENT;
}

/* Set as a paragraph it may be wider than as a run, and stacked letters need
 * more than the leading. */
static bool stands_on_a_line(struct page_build *build,
                             const struct page_text *line, int width_px,
                             int height_px)
{
    int line_px = line->size_px * line->leading_percent / 100;
    int height = page_text_height(build, line, width_px);
    return page_run_px(build, line) <= width_px && height < 2 * line_px &&
           (height <= line_px || height <= height_px);
}

static int most_of(const struct page_build *build, const struct page_text *text,
                   int most_px)
{
    int most = page_strip_most_px(build, SIZE_TITLE, most_px);
    return text->most_px > 0 && text->most_px < most ? text->most_px : most;
}

/* The largest size of the text on one line; 0: it has no room there. */
static int one_line_size(struct page_build *build, const struct page_text *text,
                         int width_px, int height_px)
{
    struct page_text line = *text;
    int height = height_px * 100 / one_line_leading(text->text);
    if (strchr(text->text, '\n') != NULL)
        return 0;
    line.size_px = height < width_px ? height : width_px;
    line.size_px = most_of(build, text, line.size_px);
    if (line.size_px < build->sizes[SIZE_LEGAL])
        line.size_px = build->sizes[SIZE_LEGAL];
    line.leading_percent = one_line_leading(text->text);
    /* Widths grow with the size: no need to try what is far too large. */
    struct page_text least = line;
    least.size_px = build->sizes[SIZE_LEGAL];
    int run = page_run_px(build, &least);
    if (run > width_px + least.size_px)
        return 0;
    int64_t most = (int64_t)(width_px + least.size_px) * least.size_px /
                       (run > 0 ? run : 1) +
                   least.size_px / 2 + 1;
    line.size_px = line.size_px < most ? line.size_px : (int)most;
    while (line.size_px > build->sizes[SIZE_LEGAL] &&
           !stands_on_a_line(build, &line, width_px, height_px))
        line.size_px--;
    return stands_on_a_line(build, &line, width_px, height_px) ? line.size_px
                                                               : 0;
}

static int lines_size(struct page_build *build, const struct page_text *text,
                      int width_px, int height_px)
{
    return page_text_fit(build, *text, width_px, height_px,
                         most_of(build, text, height_px),
                         build->sizes[SIZE_LEGAL]);
}

bool page_strip_fit(struct page_build *build, struct page_text *text,
                    int width_px, int height_px)
{
    int one = one_line_size(build, text, width_px, height_px);
    int many = lines_size(build, text, width_px, height_px);
    if (one == 0 && many == 0)
        return false;
    text->size_px = one >= many ? one : many;
    if (one >= many)
        text->leading_percent = one_line_leading(text->text);
    return true;
}

void page_strip_flow(struct page_build *build, struct page_text text)
{
    struct rect area = build->area;
    text.unity = UNITY_WORDS;
    if (!page_strip_fit(build, &text, area.width, area.height)) {
        text.unity = UNITY_NONE;
        if (!page_strip_fit(build, &text, area.width, area.height) &&
            page_strip_lines(build) == 1)
            text.leading_percent = one_line_leading(text.text);
    }
    page_flow_text(build, &text);
}

static bool is_empty(const struct page_build *build)
{
    return build->page != NULL && build->y == build->area.y &&
           build->page->count == build->body_from;
}

void page_strip_open(struct page_build *build)
{
    if (!is_empty(build))
        page_open(build);
}

void page_strip_close_empty(struct page_build *build)
{
    if (is_empty(build) && build->set->count > 1) {
        page_close(build);
        page_set_drop(build->set);
    }
}

void page_strip_say(struct page_build *build, const char *words,
                    enum type_role role, draw_colour colour)
{
    if (words[0] == '\0')
        return;
    page_strip_open(build);
    struct page_text text =
        page_strip_text(build, page_strip_parts(build, words), role, colour);
    struct page_text parts = text;
    parts.unity = UNITY_LINES;
    /* What does not stand on one line is parted where it has parts. */
    if (page_strip_is_line(build, words) ||
        !page_strip_fit(build, &parts, build->area.width, build->area.height))
        text.text = words;
    page_strip_flow(build, text);
}

static const char *with_between(struct page_build *build, const char *first,
                                const char *between, const char *second)
{
    if (first[0] == '\0' || second[0] == '\0')
        return page_keep(build, first[0] == '\0' ? second : first);
    size_t bytes = strlen(first) + strlen(between) + strlen(second) + 1;
    char *words = page_set_alloc(build->set, bytes);
    if (words == NULL) {
        build->failed = true;
        return "";
    }
    snprintf(words, bytes, "%s%s%s", first, between, second);
    return words;
}

const char *page_strip_joined(struct page_build *build, const char *first,
                              const char *second)
{
    return with_between(build, first, "　", second);
}

const char *page_strip_stacked(struct page_build *build, const char *first,
                               const char *second)
{
    return with_between(build, first, "\n", second);
}

const char *page_strip_parts(struct page_build *build, const char *words)
{
    static const char apart[] = "　";
    const char *part = strstr(words, apart);
    char *lines = part == NULL ? NULL : page_set_copy(build->set, words);
    if (part == NULL)
        return words;
    build->failed = build->failed || lines == NULL;
    if (lines == NULL)
        return "";
    for (char *at = lines; (at = strstr(at, apart)) != NULL;) {
        const char *rest = at + sizeof apart - 1;
        *at++ = '\n';
        memmove(at, rest, strlen(rest) + 1);
    }
    return lines;
}

bool page_strip_is_line(struct page_build *build, const char *words)
{
    struct page_text text = page_strip_text(build, words, TYPE_SANS,
                                            build->text);
    return stands_on_a_line(build, &text, build->area.width,
                            build->area.height);
}

const char *page_strip_list(struct page_build *build, const char *words)
{
    static const char stop[] = "、";
    size_t length = strlen(words);
    char *out = page_set_alloc(build->set, 2 * length + 1);
    size_t line = 0, at = 0;
    if (out == NULL) {
        build->failed = true;
        return "";
    }
    while (*words != '\0') {
        const char *end = strstr(words, stop);
        size_t bytes = end == NULL ? strlen(words)
                                   : (size_t)(end - words) + strlen(stop);
        snprintf(out + at, bytes + 1, "%s", words);
        if (at > line && !page_strip_is_line(build, out + line)) {
            out[at++] = '\n';
            line = at;
            snprintf(out + at, bytes + 1, "%s", words);
        }
        at += bytes;
        words += bytes;
    }
    out[at] = '\0';
    return out;
}

/* All of them at one size; false: they have no room together. */
static bool put_lines(struct page_strip *strip)
{
    struct page_build *build = strip->build;
    const char *words = strip->lines[0].text;
    for (int i = 1; i < strip->count; i++)
        words = page_strip_stacked(build, words, strip->lines[i].text);
    struct page_text all = page_strip_text(build, words, TYPE_SANS_BOLD,
                                           build->text);
    all.unity = UNITY_LINES;
    if (!page_strip_fit(build, &all, build->area.width, build->area.height))
        return false;
    int line_px = all.size_px * all.leading_percent / 100;
    int y = page_take(build, line_px * strip->count);
    for (int i = 0; i < strip->count; i++) {
        struct page_text line = strip->lines[i];
        line.size_px = all.size_px;
        line.leading_percent = all.leading_percent;
        page_put_text(build, &line, build->area.x, y, build->area.width);
        y += line_px;
    }
    return true;
}

void page_strip_flush(struct page_strip *strip)
{
    struct page_build *build = strip->build;
    if (strip->count == 0)
        return;
    page_strip_open(build);
    bool together = strip->count > 1 || strip->whole;
    if (!together || !put_lines(strip)) {
        for (int i = 0; i < strip->count; i++) {
            page_strip_open(build);
            page_strip_flow(build, strip->lines[i]);
        }
    }
    strip->count = 0;
}

void page_strip_need(struct page_strip *strip, int lines)
{
    int most = page_strip_lines(strip->build);
    most = most < PAGE_STRIP_LINES_MOST ? most : PAGE_STRIP_LINES_MOST;
    if (strip->count + lines > most)
        page_strip_flush(strip);
}

void page_strip_add(struct page_strip *strip, const char *words,
                    enum type_role role, draw_colour colour)
{
    struct page_build *build = strip->build;
    if (words[0] == '\0')
        return;
    struct page_text text = page_strip_text(build, words, role, colour);
    text.most_px = strip->most_px;
    if (page_strip_is_line(build, words)) {
        page_strip_need(strip, 1);
        strip->lines[strip->count++] = text;
        return;
    }
    page_strip_flush(strip);
    page_strip_open(build);
    page_strip_flow(build, text);
}
