/* An alert on the whole glass: event and level above, what to do biggest,
 * where, when, who and whom to call below; the rest on further pages. */
#include "display/core/templates/page_alert.h"

#include "display/core/templates/page_alert_facts.h"
#include "display/core/templates/page_alert_order.h"
#include "display/core/templates/page_template.h"

#include <math.h>
#include <string.h>

/* An order is larger than the event by so much at least: the law of alerts. */
enum { ORDER_LAW_PERCENT = 125 };
/* The event is tried in so many sizes, from a title's to the legal one. */
enum { EVENT_STEPS = 3, LONG_ORDER_STEPS = 1, LONG_ORDER_BYTES = 360 };
/* A code beside the facts may cost the order this share of its size, and the
 * code may be this much larger than it must be. */
enum { CODE_COST_PERCENT = 15, CODE_MOST_PERCENT = 125 };
/* A clause of the order on two lines costs so much more than a word on two. */
enum { BROKEN_TIMES = 2 };
/* Between the order and what is said below it in other languages, of the gap.
 */
enum { TRANSLATED_GAP_PARTS = 3 };

static void alert_header(struct page_build *build)
{
    page_put_drill_mark(build);
    page_alert_put_event(build);
}

static void reminding_header(struct page_build *build)
{
    alert_header(build);
    page_alert_put_reminder(build);
}

/* Where the address of more is told. */
enum address {
    ADDRESS_NONE,
    ADDRESS_BESIDE,  /* as a code, with the facts */
    ADDRESS_CALL,    /* as a code, on a page with the hotlines */
    ADDRESS_LETTERS, /* after the facts */
};

/* The order with the facts below it. It is found once, because that takes
 * longest. */
struct plan {
    struct page_facts facts;
    struct page_text order; /* size 0: the facts have to go elsewhere */
    int room_px;            /* above the facts */
    enum address address;
};

static int code_px(const struct page_build *build)
{
    int least = page_alert_code_least_px(build);
    return page_code_px(build->message->alert.web, least,
                        least * CODE_MOST_PERCENT / 100);
}

/* A headline in place of an order may be long. */
static int least_px(struct page_build *build)
{
    if (build->message->alert.instruction[0] == '\0')
        return build->sizes[SIZE_LEGAL];
    struct rect area = build->area;
    build->area = build->geometry.safe;
    int event = page_alert_event_px(build);
    build->area = area;
    return (event * ORDER_LAW_PERCENT + 99) / 100;
}

static int translated_gap(const struct page_build *build)
{
    return build->gap / TRANSLATED_GAP_PARTS;
}

/* What stands below the order, with the gap above it. */
static int translated_px(struct page_build *build)
{
    struct page_text translated = page_alert_order_translated(build);
    return translated.text[0] == '\0'
               ? 0
               : translated_gap(build) +
                     page_text_height(build, &translated, build->area.width);
}

static struct plan make_plan(struct page_build *build, enum address address)
{
    int code = address == ADDRESS_BESIDE ? code_px(build) : 0;
    struct plan plan = {
        .facts = page_facts_make(build, code, address != ADDRESS_CALL),
        .order = page_alert_order(build),
        .address = address};
    plan.room_px = build->area.height - page_facts_height(&plan.facts) -
                   build->gap;
    int rest = plan.room_px - translated_px(build);
    if (rest > 0)
        plan.order = page_alert_fit_order(build, rest);
    if (plan.order.size_px < least_px(build))
        plan.order.size_px = 0;
    return plan;
}

/* Where no code stands beside the facts. */
static enum address other_address(struct page_build *build)
{
    if (build->message->alert.web[0] == '\0')
        return ADDRESS_NONE;
    return page_alert_call_has_code(build) ? ADDRESS_CALL : ADDRESS_LETTERS;
}

/* With the code beside the facts, unless the facts or the order have too little
 * room then. */
static struct plan choose_plan(struct page_build *build)
{
    struct plan alone = make_plan(build, ADDRESS_NONE);
    if (code_px(build) > 0) {
        struct plan coded = make_plan(build, ADDRESS_BESIDE);
        if (coded.order.size_px > 0 &&
            coded.order.size_px * 100 >=
                alone.order.size_px * (100 - CODE_COST_PERCENT))
            return coded;
    }
    alone.address = other_address(build);
    return alone.address == ADDRESS_CALL ? make_plan(build, ADDRESS_CALL)
                                         : alone;
}

/* The order in the middle of what the facts leave free. */
static void put_plan(struct page_build *build, const struct plan *plan)
{
    struct page_text translated = page_alert_order_translated(build);
    const struct rect *area = &build->area;
    int used = page_text_height(build, &plan->order, area->width) +
               translated_px(build);
    int y = area->y + (plan->room_px - used) / 2;
    y += page_put_text(build, &plan->order, area->x, y, area->width);
    page_put_text(build, &translated, area->x, y + translated_gap(build),
                  area->width);
    page_facts_put(build, &plan->facts,
                   area->y + area->height - page_facts_height(&plan->facts));
    /* Facts stand at the bottom: nothing is left to settle. */
    build->y = area->y + area->height;
}

/* The order alone on its page. An order that no page holds goes on over
 * several, at the least size that is still larger than the event. */
static struct page_text order_alone(struct page_build *build)
{
    struct page_text text =
        page_alert_fit_order(build, build->area.height - translated_px(build));
    int least = least_px(build);
    if (text.size_px < least)
        text = page_alert_fit_order(build, build->area.height);
    if (text.size_px < least) {
        text = page_alert_order(build);
        text.size_px = least;
    }
    return text;
}

static void flow_order(struct page_build *build, const struct page_text *order)
{
    struct page_text translated = page_alert_order_translated(build);
    page_flow_text(build, order);
    int height = translated_px(build);
    build->translation_due = height > page_room(build);
    if (!build->translation_due)
        page_put_text(build, &translated, build->area.x,
                      page_take(build, height) + translated_gap(build),
                      build->area.width);
}

/* The area under the header for an event of this size, without a page. */
static void measure_area(struct page_build *build, int event_px)
{
    build->title_px = event_px;
    build->area = build->geometry.safe;
    build->area.height -= build->mark_px;
    build->header(build);
}

/* The cost of the first page if the event has this size. */
static double cost_of(struct page_build *build, int event_px)
{
    const struct compose_weights *weights = &build->theme->compose;
    measure_area(build, event_px);
    struct plan plan = make_plan(build, ADDRESS_NONE);
    bool shared = plan.order.size_px > 0;
    struct page_text order = shared ? plan.order : order_alone(build);
    bool whole = shared || page_text_height(build, &order, build->area.width) <=
                               build->area.height;
    bool broken = !page_alert_order_is_whole(build, order.size_px);
    double most = page_alert_order_most_px(build);
    double cost = weights->body *
                  (build->sizes[SIZE_TITLE] / (double)event_px - 1);
    if (order.size_px < most)
        cost += weights->hero * (1 - order.size_px / most);
    return cost + (shared ? 0 : weights->page) + (whole ? 0 : weights->page) +
           (broken ? BROKEN_TIMES * weights->parted : 0);
}

/* The size of the event at which the first page costs its reader least. */
static int choose_event_px(struct page_build *build)
{
    double title = build->sizes[SIZE_TITLE];
    double legal = build->sizes[SIZE_LEGAL];
    int best = 0;
    double least = 0;
    /* A long order takes long to set. */
    bool brief = strlen(page_alert_order(build).text) < LONG_ORDER_BYTES;
    int steps = brief ? EVENT_STEPS : LONG_ORDER_STEPS;
    for (int step = 0; step <= steps; step++) {
        double size = legal * pow(title / legal, 1 - (double)step / steps);
        double cost = cost_of(build, (int)(size + 0.5));
        if (best == 0 || cost < least) {
            best = (int)(size + 0.5);
            least = cost;
        }
    }
    return best;
}

static bool fits_page(const struct page_build *build,
                      const struct page_facts *facts)
{
    return page_facts_height(facts) <= build->area.height;
}

/* On a page that is high enough for both. */
static bool flow_code_below(struct page_build *build,
                            const struct page_facts *facts)
{
    int side = code_px(build);
    int height = page_facts_height(facts) + 2 * build->gap + side;
    if (side == 0 || height > build->area.height)
        return false;
    page_facts_flow(build, facts);
    page_skip(build, 2 * build->gap);
    page_put_code(build, build->message->alert.web, build->area.x,
                  page_take(build, side), side);
    return true;
}

/* The facts stand on one page, with the code beside or below them. Where that
 * is not possible they follow the end of a long order, without the code, and
 * may go on over several pages. */
static enum address flow_facts(struct page_build *build)
{
    bool first = build->set->count == 1;
    struct page_facts coded = page_facts_make(build, code_px(build), true);
    bool beside = coded.code_px > 0 && fits_page(build, &coded);
    if (first || beside)
        page_open(build);
    else
        page_skip(build, build->gap);
    if (beside && fits_page(build, &coded)) {
        int height = page_facts_height(&coded);
        page_facts_put(build, &coded, page_take(build, height));
        return ADDRESS_BESIDE;
    }
    struct page_facts facts = page_facts_make(build, 0, true);
    if (first && flow_code_below(build, &facts))
        return ADDRESS_BESIDE;
    enum address address = other_address(build);
    if (address == ADDRESS_CALL)
        facts = page_facts_make(build, 0, false);
    page_facts_flow(build, &facts);
    return address;
}

void page_template_alert(struct page_build *build)
{
    page_alert_colours(build);
    build->header = alert_header;
    build->title_px = choose_event_px(build);
    page_open(build);
    struct plan plan = choose_plan(build);
    bool shared = plan.order.size_px > 0;
    struct page_text order = shared ? plan.order : order_alone(build);
    if (shared)
        put_plan(build, &plan);
    else
        flow_order(build, &order);
    build->order_px = order.size_px;
    build->header = reminding_header;
    enum address address = shared ? plan.address : flow_facts(build);
    if (address == ADDRESS_CALL)
        page_alert_call(build);
    else if (address == ADDRESS_LETTERS)
        page_alert_flow_address(build);
    build->header = reminding_header;
    page_alert_flow_more(build, address != ADDRESS_CALL);
}
