/* On top of an alert's page: the shape of its level, the event, the level in
 * words and the level of the response. */
#include "display/core/templates/page_alert.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"

enum {
    EVENT_LEADING = 130,
    /* On one line it keeps so much of a title's size; else it takes two. */
    EVENT_LINE_PERCENT = 75,
    EVENT_LINES = 2,
    BRIEF_PERCENT = 110, /* of the legal size */
};

/* Event and response mark of the header. */
struct event {
    struct page_text words, response;
    int mark;  /* side of the level's shape */
    int left;  /* the shape and its gap */
    int right; /* the response mark; 0: none */
    bool beside;
    int width; /* of the words */
};

/* The level of the response in a box: another axis than colour. One that is
 * wider than the page has more lines. */
static int put_response(struct page_build *build, const struct page_text *text,
                        struct rect box)
{
    int side = text->size_px / 2;
    int most = build->area.x + build->area.width - box.x;
    if (box.width <= most) {
        page_put_badge(build, text, box, build->text);
        return box.height;
    }
    box.width = most;
    box.height = page_text_height(build, text, most - 2 * side);
    page_put_fill(build, box, text->size_px * 3 / 16, build->text, PAGE_STILL);
    page_put_text(build, text, box.x + side, box.y, most - 2 * side);
    return box.height;
}

static const char *level_words(const struct page_build *build)
{
    return build->theme->levels[build->message->alert.level].word;
}

const char *page_alert_event(struct page_build *build)
{
    return page_strip_joined(build, build->message->alert.event,
                             level_words(build));
}

const char *page_alert_response(struct page_build *build)
{
    return page_filled(build, WORD_RESPONSE, "level",
                       build->message->alert.response_level);
}

/* In so many lines of a title, or in more lines of a smaller size. */
static int event_size(struct page_build *build, const struct page_text *words,
                      int width, int most, int lines)
{
    return page_text_fit(build, *words, width,
                         most * EVENT_LEADING / 100 * lines, most,
                         build->sizes[SIZE_LEGAL]);
}

/* The level, one thing to read, has a line of its own below a long event. */
static void set_words(struct page_build *build, struct event *event, int most)
{
    int line = event_size(build, &event->words, event->width, most, 1);
    event->words.size_px = line;
    if (line * 100 >= most * EVENT_LINE_PERCENT)
        return;
    event->words.text = page_strip_stacked(build, build->message->alert.event,
                                           level_words(build));
    int lines = event_size(build, &event->words, event->width, most,
                           EVENT_LINES);
    event->words.size_px = lines > 0 ? lines : build->sizes[SIZE_LEGAL];
}

/* Where readers stand far away a page holds few lines. */
static bool is_far(const struct page_build *build)
{
    return build->sizes[SIZE_BODY] == build->sizes[SIZE_LEGAL];
}

static bool is_brief(const struct page_build *build)
{
    return is_far(build) && build->set->count > 1;
}

int page_alert_title_px(const struct page_build *build)
{
    if (build->set->count <= 1)
        return build->title_px > 0 ? build->title_px : build->sizes[SIZE_TITLE];
    return is_far(build) ? build->sizes[SIZE_LEGAL] * BRIEF_PERCENT / 100
                         : build->sizes[SIZE_BODY];
}

/* The response mark goes below the event if the event has too little room
 * beside it. */
static struct event make_event(struct page_build *build)
{
    int most = page_alert_title_px(build);
    struct event event = {
        .words = {.text = page_alert_event(build),
                  .role = TYPE_SANS_BOLD,
                  .colour = build->text,
                  .balanced = true,
                  .leading_percent = EVENT_LEADING},
        .response = {.text = page_alert_response(build),
                     .role = TYPE_SANS_BOLD,
                     .size_px = build->sizes[SIZE_LEGAL],
                     .colour = build->ground},
        .mark = most,
        .left = most * 4 / 3,
    };
    event.right = page_badge_px(build, &event.response);
    event.width = build->area.width - event.left;
    set_words(build, &event, most);
    int pressed = event.width - event.right - 2 * build->gap;
    int widest = page_text_width(build, &event.words, event.width);
    event.beside = event.right > 0 && widest <= pressed;
    if (event.beside)
        event.width = pressed;
    return event;
}

int page_alert_reminder_px(const struct page_build *build)
{
    int most = build->sizes[is_far(build) ? SIZE_LEGAL : SIZE_TITLE];
    int least = larger(build->order_px, build->sizes[SIZE_LEGAL]);
    return build->order_px > 0 ? smaller(most, least) : most;
}

int page_alert_event_px(struct page_build *build)
{
    return make_event(build).words.size_px;
}

void page_alert_put_event(struct page_build *build)
{
    struct rect area = build->area;
    struct event event = make_event(build);
    int line = event.words.size_px * EVENT_LEADING / 100;
    int down = line < event.mark ? (event.mark - line) / 2 : 0;
    int shape_y = area.y + (line > event.mark ? (line - event.mark) / 2 : 0);
    struct rect shape = {area.x, shape_y, event.mark, event.mark};
    page_put_level_shape(build, shape);
    int height = down + page_put_text(build, &event.words, area.x + event.left,
                                      area.y + down, event.width);
    struct rect box = {.width = event.right,
                       .height = event.response.size_px * 3 / 2};
    page_narrow(build, height > event.mark ? height : event.mark);
    if (event.beside) {
        box.x = area.x + area.width - event.right;
        box.y = shape.y + (event.mark - box.height) / 2;
        put_response(build, &event.response, box);
    } else if (event.right > 0 && !is_brief(build)) {
        box.x = area.x + event.left;
        box.y = build->area.y + build->gap / 2;
        page_narrow(build,
                    put_response(build, &event.response, box) + build->gap / 2);
    }
    page_narrow(build, is_brief(build) ? build->gap / 2 : build->gap);
}
