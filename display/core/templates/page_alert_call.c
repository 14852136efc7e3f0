/* Whom to call and where to read more: hotlines, large, with a code to scan
 * beside them. */
#include "display/core/templates/page_alert.h"

#include "display/core/page/page_template.h"

/* The code takes at most so much of a wide page's width, of another's; below
 * the hotlines, of the shorter side of what is there. */
enum { WIDE_PERCENT = 32, COLUMN_PERCENT = 46, BELOW_PERCENT = 62 };
/* What is surely left of an area when what to do stands on top of it. */
enum { BELOW_REMINDER_PERCENT = 60 };
/* A code's side by which it can be scanned from there; who scans it steps up to
 * a part of the distance at which people read. */
enum { SCAN_SIDES = 10, SCAN_PARTS = 2 };
enum { CONTACT_LEADING = 145 };

int page_alert_code_least_px(const struct page_build *build)
{
    return build->geometry.legal_px * GEOMETRY_DISTANCE_EMS /
           (SCAN_SIDES * SCAN_PARTS);
}

static int code_px(const struct page_build *build, int most_px)
{
    return page_code_px(build->message->alert.web,
                        page_alert_code_least_px(build), most_px);
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* Of the code at the right side of the area, if it were so high. */
static int column_px(const struct page_build *build, int height)
{
    int percent = build->wide ? WIDE_PERCENT : COLUMN_PERCENT;

    return code_px(build, smaller(height, build->area.width * percent / 100));
}

/* Takes the right side of the area, where the code has room there. */
static void put_column(struct page_build *build)
{
    struct rect *area = &build->area;
    int side = column_px(build, area->height);

    if (side == 0)
        return;
    page_put_code(build, build->message->alert.web,
                  area->x + area->width - side,
                  area->y + (area->height - side) / 2, side);
    area->width -= side + 2 * build->gap;
}

/* On a wide page the code stands beside everything but the mark of a drill: so
 * it has room on a low one. Else it stands beside the hotlines, and what to do
 * is not said again where that takes the room of the code. */
static void call_header(struct page_build *build)
{
    page_put_drill_mark(build, build->message->alert.status);
    if (build->wide) {
        put_column(build);
        page_alert_put_event(build);
        page_alert_put_reminder(build);
        return;
    }
    page_alert_put_event(build);
    int height = build->area.height;
    if (column_px(build, height) == 0 ||
        column_px(build, height * BELOW_REMINDER_PERCENT / 100) > 0)
        page_alert_put_reminder(build);
    put_column(build);
}

static bool has_column(const struct page_build *build)
{
    return build->area.width < build->geometry.safe.width;
}

/* All of them on one page, with a line below. */
static int largest_contact_px(const struct page_build *build)
{
    int count = (int)build->message->alert.contact_count;
    int legal = build->sizes[SIZE_LEGAL];
    int room = page_room(build) - legal * CONTACT_LEADING / 100 - build->gap;
    int size = count > 0 ? room * 100 / (count * CONTACT_LEADING) : 0;

    size = smaller(size, build->sizes[SIZE_TITLE]);
    return size > legal ? size : legal;
}

/* As large as stands on one line. */
static void flow_contact(struct page_build *build, size_t index, int most)
{
    struct page_text text = {.text = page_alert_contact(build, index),
                             .role = TYPE_SANS_BOLD,
                             .colour = build->text,
                             .leading_percent = CONTACT_LEADING};

    text.size_px = page_text_fit(build, text, build->area.width,
                                 most * CONTACT_LEADING / 100, most,
                                 build->sizes[SIZE_LEGAL]);
    if (text.size_px == 0)
        text.size_px = build->sizes[SIZE_LEGAL];
    page_flow_text(build, &text);
}

/* What the code is for, where that costs no page. */
static void flow_scan(struct page_build *build)
{
    struct page_text text = {.text = build->theme->words[WORD_SCAN],
                             .role = TYPE_SANS,
                             .size_px = build->sizes[SIZE_LEGAL],
                             .colour = build->text};

    page_skip(build, build->gap / 2);
    if (page_text_height(build, &text, build->area.width) <= page_room(build))
        page_flow_text(build, &text);
}

/* Where no column has room for the code. */
static void flow_code(struct page_build *build)
{
    const char *web = build->message->alert.web;
    struct page_text letters = {.text = web,
                                .role = TYPE_SANS,
                                .size_px = build->sizes[SIZE_LEGAL],
                                .colour = build->text};
    int most = smaller(build->area.width, build->area.height);
    int side = code_px(build, most * BELOW_PERCENT / 100);

    page_skip(build, build->gap);
    if (side == 0) {
        page_flow_text(build, &letters);
        return;
    }
    int y = page_take(build, side);
    page_put_code(build, web, build->area.x, y, side);
}

void page_alert_call(struct page_build *build)
{
    const struct alert *alert = &build->message->alert;

    build->header = call_header;
    page_open(build);
    int most = largest_contact_px(build);
    for (size_t i = 0; i < alert->contact_count; i++)
        flow_contact(build, i, most);
    if (has_column(build))
        flow_scan(build);
    else
        flow_code(build);
}
