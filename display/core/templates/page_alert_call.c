/* Whom to call and where to read more: hotlines, large, with a code to scan
 * beside them. */
#include "display/core/templates/page_alert.h"

#include "display/core/templates/page_template.h"

/* The code takes at most this share of the width: on a wide page, on another.
 * Below the hotlines: of the shorter side of the room there. */
enum { WIDE_PERCENT = 32, COLUMN_PERCENT = 46, BELOW_PERCENT = 62 };
/* At least this share of an area is left when the order stands on top of it. */
enum { BELOW_REMINDER_PERCENT = 60 };
/* A code can be scanned from ten times its side. People step up to half of the
 * reading distance to scan it. */
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

static struct page_text contact_text(const struct page_build *build,
                                     int size_px)
{
    return (struct page_text){.role = TYPE_SANS_BOLD,
                              .size_px = size_px,
                              .colour = build->text,
                              .leading_percent = CONTACT_LEADING};
}

static int column_gap(const struct page_build *build)
{
    return build->wide ? 2 * build->gap : build->gap;
}

/* The side of a code at the right of an area of this height. It leaves room for
 * whole numbers, and on a page that is not wide for whole hotlines, because
 * there the code can stand below them. */
static int column_px(struct page_build *build, int height)
{
    int percent = build->wide ? WIDE_PERCENT : COLUMN_PERCENT;
    int width = build->area.width;
    struct page_text style = contact_text(build, build->sizes[SIZE_LEGAL]);
    struct alert_contact_px contact = page_alert_contact_px(build, &style);
    int least = build->wide ? contact.number : contact.whole;
    int most = smaller(width * percent / 100,
                       width - column_gap(build) - least);

    return code_px(build, smaller(height, most));
}

/* Below the hotlines, if they left so much. */
static int below_px(const struct page_build *build, int height)
{
    const struct rect *area = &build->area;
    int most = smaller(area->width, area->height) * BELOW_PERCENT / 100;

    return code_px(build, smaller(most, height));
}

static int contacts_height(struct page_build *build, int size_px)
{
    struct page_text text = contact_text(build, size_px);
    int height = 0;

    for (size_t i = 0; i < build->message->alert.contact_count; i++) {
        text.text = page_alert_contact_line(build, &text, build->area.width, i);
        height += page_text_height(build, &text, build->area.width);
    }
    return height;
}

/* Below the hotlines in an area of this height. */
static int below_area_px(struct page_build *build, int height)
{
    return below_px(build,
                    height - build->gap -
                        contacts_height(build, build->sizes[SIZE_LEGAL]));
}

bool page_alert_call_has_code(struct page_build *build)
{
    return column_px(build, build->geometry.safe.height) > 0 ||
           below_area_px(build, build->area.height) > 0;
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
    area->width -= side + column_gap(build);
}

/* On a wide page the code stands beside everything but the mark of a drill, so
 * that even a low page has room for it. On other pages it stands below the
 * hotlines or beside them, and the order is left out if the code has no room
 * otherwise. */
static void call_header(struct page_build *build)
{
    page_put_drill_mark(build);
    if (build->wide) {
        put_column(build);
        page_alert_put_event(build);
        page_alert_put_reminder(build);
        return;
    }
    page_alert_put_event(build);
    int whole = build->area.height;
    int rest = whole * BELOW_REMINDER_PERCENT / 100;
    bool below = below_area_px(build, rest) > 0;
    bool beside = column_px(build, rest) > 0;
    bool reminded = below || beside ||
                    (below_area_px(build, whole) == 0 &&
                     column_px(build, whole) == 0);
    if (reminded)
        page_alert_put_reminder(build);
    if (below_area_px(build, reminded ? rest : whole) == 0)
        put_column(build);
}

static bool has_column(const struct page_build *build)
{
    return build->area.width < build->geometry.safe.width;
}

/* Whole contacts, all of one size: the largest at which each stands on a line
 * and all of them in this height. */
static int contacts_size(struct page_build *build, int height)
{
    int count = (int)build->message->alert.contact_count;
    int legal = build->sizes[SIZE_LEGAL];
    struct page_text style = contact_text(build, legal);
    int widest = page_alert_contact_px(build, &style).whole;
    int size = build->sizes[SIZE_TITLE];

    if (widest > 0) /* a pixel less: advances are rounded */
        size = smaller(size, legal * build->area.width / widest - 1);
    if (count > 0)
        size = smaller(size, height * 100 / (count * CONTACT_LEADING));
    return size > legal ? size : legal;
}

static void flow_contacts(struct page_build *build, int height)
{
    const struct alert *alert = &build->message->alert;
    struct page_text text = contact_text(build, contacts_size(build, height));

    for (size_t i = 0; i < alert->contact_count; i++) {
        text.text = page_alert_contact_line(build, &text, build->area.width, i);
        page_flow_text(build, &text);
    }
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

/* Below the hotlines; without room there too its address in letters. */
static void flow_code(struct page_build *build, int side)
{
    page_skip(build, build->gap);
    if (side == 0) {
        page_alert_flow_address(build);
        return;
    }
    int y = page_take(build, side);
    page_put_code(build, build->message->alert.web, build->area.x, y, side);
}

static struct page_text address_text(const struct page_build *build)
{
    return (struct page_text){.text = build->message->alert.web,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = build->text};
}

void page_alert_flow_address(struct page_build *build)
{
    struct page_text letters = address_text(build);
    int height = page_text_height(build, &letters, build->area.width);

    /* On one page if one holds it. */
    if (height > page_room(build) && height <= build->area.height)
        page_open(build);
    page_flow_text(build, &letters);
}

/* The height below the hotlines: of the words about the code, of the code, or
 * of the address. */
static int tail_height(struct page_build *build, int side)
{
    struct page_text letters = address_text(build);

    if (has_column(build))
        return build->sizes[SIZE_LEGAL] * CONTACT_LEADING / 100;
    return side > 0 ? side
                    : page_text_height(build, &letters, build->area.width);
}

void page_alert_call(struct page_build *build)
{
    build->header = call_header;
    page_open(build);
    int side = has_column(build) ? 0 : below_area_px(build, build->area.height);
    flow_contacts(build,
                  page_room(build) - build->gap - tail_height(build, side));
    if (!has_column(build))
        flow_code(build, side);
    if (has_column(build) || side > 0)
        flow_scan(build);
}
