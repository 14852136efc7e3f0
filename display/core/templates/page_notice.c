/* A notice: text over as many pages as it needs, sender and date at its end,
 * as a letter has them. */
#include "display/core/templates/page_template.h"

#include "base/timestamp.h"
#include "display/core/compose/compose.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"

#include <stdio.h>
#include <string.h>

/* Lines of a letter stand further apart than others, unless room is short. */
enum { BODY_LEADING = 160, CLOSE_LEADING = 120 };
/* Of the page. */
enum { TITLE_MOST_PERCENT = 25 };
/* Lines of fewer ems have no indent, nor pages of few lines. Between paragraphs
 * stands so much of the em, unless room is short. */
enum {
    INDENT_EMS = 12,
    JUSTIFY_EMS = 11,
    PARAGRAPH_PERCENT = 50,
    SALUTATION_BYTES = 60
};
/* The leading of a sender that has no room under the text otherwise. */
enum { END_LEADING = 106 };

static int leading(const struct page_build *build)
{
    return CLOSE_LEADING +
           (BODY_LEADING - CLOSE_LEADING) *
               (build->leading_percent - COMPOSE_LEADING_LEAST) /
               (COMPOSE_LEADING_MOST - COMPOSE_LEADING_LEAST);
}

/* «各居民朋友：» */
static bool is_salutation(const char *text, const char *end)
{
    static const char colon[] = "：";
    size_t bytes = (size_t)(end - text), length = strlen(colon);
    return *end == '\n' && bytes > length && bytes < SALUTATION_BYTES &&
           strncmp(end - length, colon, length) == 0;
}

/* In short lines of justified text the gaps would be seen. */
static enum typeset_align align(const struct page_build *build, int size_px)
{
    return build->area.width >= size_px * JUSTIFY_EMS ? TYPESET_JUSTIFY
                                                      : TYPESET_LEFT;
}

/* Paragraphs begin two ems in, but for a salutation, where lines are long. */
static const char *indented(struct page_build *build, const char *text,
                            int size_px)
{
    static const char indent[] = "　　";
    size_t bytes = strlen(text) + 1, lines = 1, at = 0;
    if (build->area.width < size_px * INDENT_EMS ||
        page_is_strip(&build->geometry))
        return text;
    for (const char *from = text; *from != '\0'; from++)
        lines += *from == '\n';
    char *out = page_set_alloc(build->set, bytes + lines * sizeof indent);
    if (out == NULL) {
        build->failed = true;
        return text;
    }
    for (const char *from = text; *from != '\0';) {
        size_t length = strcspn(from, "\n");
        bool bare = length == 0 || strncmp(from, indent, 3) == 0 ||
                    (from == text && is_salutation(from, from + length));
        at += (size_t)sprintf(out + at, "%s%.*s", bare ? "" : indent,
                              (int)length, from);
        from += length;
        if (*from == '\n')
            out[at++] = *from++;
    }
    out[at] = '\0';
    return out;
}

static struct page_text body_text(struct page_build *build, int size_px)
{
    int air = build->leading_percent - COMPOSE_LEADING_LEAST;
    return (struct page_text){
        .text = indented(build, build->message->panel.body, size_px),
        .role = TYPE_SANS,
        .size_px = size_px,
        .colour = build->text,
        .align = align(build, size_px),
        .leading_percent = leading(build),
        .paragraph_gap_px = size_px * PARAGRAPH_PERCENT / 100 * air /
                            (COMPOSE_LEADING_MOST - COMPOSE_LEADING_LEAST)};
}

/* Several senders, a wide space apart, each on a line of its own where they
 * have no room on one. */
static const char *senders(struct page_build *build, struct page_text sender)
{
    sender.text = build->message->panel.sender;
    return page_run_px(build, &sender) <= build->area.width
               ? sender.text
               : page_strip_parts(build, sender.text);
}

/* Who says it and when, one above the other, or on a line where room is
 * short. */
static struct page_text end_text(struct page_build *build, int size_px)
{
    const struct panel *panel = &build->message->panel;
    const char *date = page_moment(build, WORD_DATE, panel->date_ms);
    bool both = panel->sender[0] != '\0' && date[0] != '\0';
    struct page_text end = {.role = TYPE_SANS,
                            .size_px = size_px,
                            .colour = build->muted,
                            .align = TYPESET_RIGHT,
                            .balanced = true};
    end.text = page_strip_joined(build, panel->sender, date);
    if (!both || ((build->tight || build->strip) &&
                  page_run_px(build, &end) <= build->area.width))
        return end;
    end.text = page_strip_stacked(build, senders(build, end), date);
    return end;
}

/* Between the text and its end. */
static int end_gap(const struct page_build *build)
{
    return build->tight ? 0 : build->gap;
}

/* The text with its end below it, which never stands alone. */
struct letter {
    struct page_text body, end;
    int gap_px; /* between them */
};

static struct letter letter_with(struct page_build *build, int size_px,
                                 struct page_text end, int gap_px)
{
    struct letter letter = {body_text(build, size_px), end, gap_px};
    if (end.text[0] != '\0')
        letter.body.tail_px = gap_px +
                              page_text_height(build, &end, build->area.width);
    return letter;
}

static void measure(struct page_build *build, int size_px,
                    struct page_extent *extent)
{
    struct letter letter = letter_with(build, size_px, end_text(build, size_px),
                                       end_gap(build));
    page_extend(build, &letter.body, extent);
    if (extent->used_px + letter.body.tail_px > page_extent_px(extent)) {
        extent->pages++;
        extent->used_px = 0;
    }
    extent->used_px += letter.body.tail_px;
}

/* How many pages the text needs; 0: its end has no room on the last of them. */
static int pages_of(struct page_build *build, const struct page_text *body)
{
    struct page_extent extent = {1, build->area.height, 0, build->later_px};
    page_extend(build, body, &extent);
    bool below = extent.used_px + body->tail_px <= page_extent_px(&extent);
    return below ? extent.pages : 0;
}

/* What is said under the end of the text. A date that has no room on the
 * sender's line stands under the title. */
static struct page_text strip_end(struct page_build *build,
                                  struct compose_sheet *sheet)
{
    const struct panel *panel = &build->message->panel;
    struct page_text end = end_text(build, build->sizes[SIZE_LEGAL]);
    const char *date = strchr(end.text, '\n');
    if (date != NULL && panel->subtitle[0] == '\0' &&
        page_strip_is_line(build, panel->title)) {
        compose_text(sheet, COMPOSE_NOTE, COMPOSE_WHOLE, date + 1);
        end.text = panel->sender;
    }
    end.leading_percent = PAGE_STRIP_LEADING;
    end.align = TYPESET_CENTRE;
    return end;
}

/* The lines of the end stand closer if the end has no room otherwise, or if
 * that saves a page. If that is not enough, the date is left out. False: even
 * the sender has no room. */
static bool fit_letter(struct page_build *build, int size_px,
                       struct letter *out)
{
    struct page_text end = end_text(build, size_px);
    struct page_text close = end, sender = end;
    close.leading_percent = sender.leading_percent = END_LEADING;
    sender.text = build->message->panel.sender;
    struct letter tight = letter_with(build, size_px, close, 0);
    *out = letter_with(build, size_px, end, end_gap(build));
    int pages = pages_of(build, &out->body);
    int less = pages == 1 ? 0 : pages_of(build, &tight.body);
    if (less > 0 && (pages == 0 || less < pages))
        *out = tight;
    if (pages > 0 || less > 0)
        return true;
    *out = letter_with(build, size_px, sender, 0);
    return sender.text[0] != '\0' && pages_of(build, &out->body) > 0;
}

/* An end that is alone on its page is introduced by «发布» if both fit. */
static struct page_text lone_end(struct page_build *build,
                                 const struct page_text *end)
{
    struct page_text lone = *end;
    lone.text = page_strip_joined(build, build->theme->words[WORD_ISSUED],
                                  end->text);
    bool fits = page_text_height(build, &lone, build->area.width) <=
                build->area.height;
    return fits ? lone : *end;
}

/* Whether the end has room under the text's last piece; *whole: all of the
 * text stands on that page. */
static bool strip_has_room(struct page_build *build,
                           const struct page_text *end, struct page_text *body,
                           bool *whole)
{
    int tail = page_text_height(build, end, build->area.width);
    body->tail_px = 0;
    if (end->text[0] != '\0' && tail <= build->area.height / 2)
        body->tail_px = tail;
    struct page_text fitted = *body;
    *whole = page_strip_fit(build, &fitted, build->area.width,
                            build->area.height - body->tail_px);
    if (*whole)
        *body = fitted;
    bool below = body->tail_px > 0 && (*whole || pages_of(build, body) > 0);
    if (!below)
        body->tail_px = 0;
    return below;
}

/* Each of several, which stand a wide space apart, on a page of its own. */
static void say_senders(struct page_build *build, const struct page_text *end)
{
    static const char apart[] = "　";
    char sender[LIMIT_LINE_CHARACTERS * 4 + 1];
    for (const char *from = end->text; *from != '\0';) {
        const char *to = strstr(from, apart);
        size_t length = to == NULL ? strlen(from) : (size_t)(to - from);
        struct page_text one = *end;
        snprintf(sender, sizeof sender, "%.*s", (int)length, from);
        one.text = page_keep(build, sender);
        page_strip_open(build);
        one = lone_end(build, &one);
        page_flow_text(build, &one);
        from += length + (to == NULL ? 0 : sizeof apart - 1);
    }
}

/* Where both have no room under the text, the date yields. */
static void strip_notice(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct compose_sheet sheet = {0};
    page_strip_open(build);
    struct page_text end = strip_end(build, &sheet);
    struct page_text body = page_strip_text(build, panel->body, TYPE_SANS,
                                            build->text);
    bool whole;
    bool below = strip_has_room(build, &end, &body, &whole);
    if (!below) {
        end.text = panel->sender;
        below = strip_has_room(build, &end, &body, &whole);
    }
    compose_pages(build, &sheet);
    page_strip_open(build);
    if (whole && below)
        page_flow_text(build, &body);
    else
        page_strip_flow(build, body);
    if (below)
        page_flow_text(build, &end);
    else
        say_senders(build, &end);
    for (size_t i = 0; i < panel->line_count; i++)
        page_strip_say(build, panel->lines[i], TYPE_SANS, build->text);
}

/* A title that takes much of the page stands on the first one only. */
static void notice_header(struct page_build *build)
{
    int whole = build->area.height;
    if (build->set->count > 1 && build->later_px > 0)
        return;
    compose_header(build);
    bool great = (whole - build->area.height) * 100 >
                 whole * TITLE_MOST_PERCENT;
    build->later_px = great ? whole : 0;
}

void page_template_notice(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    if (build->strip) {
        strip_notice(build);
        return;
    }
    build->header = notice_header;
    int size = compose_flow(build, measure);
    struct letter letter;
    bool below = fit_letter(build, size, &letter);
    page_open(build);
    if (!below) {
        struct page_text end = end_text(build, size);
        letter.end = lone_end(build, &end);
        letter.end.align = TYPESET_LEFT;
        letter.body.tail_px = 0;
    }
    page_flow_text(build, &letter.body);
    page_skip(build, letter.gap_px);
    if (page_text_height(build, &letter.end, build->area.width) >
        page_room(build))
        page_open(build);
    page_flow_text(build, &letter.end);
    for (size_t i = 0; i < panel->line_count; i++) {
        struct page_text line = compose_style(build, COMPOSE_CONTEXT,
                                              panel->lines[i]);
        page_skip(build, i == 0 ? build->gap * 3 / 2 : build->gap / 3);
        page_flow_text(build, &line);
    }
}
