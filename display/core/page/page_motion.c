/* An element at time t: what rests, comes in, grows, counts. */
#include "base/timestamp.h"
#include "display/core/page/page_run.h"
#include "display/core/page/page_set.h"
#include "display/core/page/page_words.h"
#include "display/core/page/timeline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS (24 * 60 * 60 * 1000LL)
#define HOUR_MS (60 * 60 * 1000LL)
#define MINUTE_MS (60 * 1000LL)

static draw_colour with_share_of_alpha(draw_colour colour, double share)
{
    uint32_t alpha = (uint32_t)((colour >> 24) * share + 0.5);
    return (colour & 0x00FFFFFFu) | alpha << 24;
}

/* A length on its way from another one. */
static int length_at(int from_px, int to_px, double eased)
{
    return from_px + timeline_length(to_px - from_px, eased);
}

static bool grow_right(const struct page_element *element, double eased,
                       struct draw_list *out)
{
    struct draw_item item = element->item;

    item.bounds.width = length_at(element->from_px, item.bounds.width, eased);
    return item.bounds.width == 0 || draw_list_add(out, &item);
}

static bool grow_up(const struct page_element *element, double eased,
                    struct draw_list *out)
{
    struct draw_item item = element->item;
    int height = length_at(element->from_px, item.bounds.height, eased);

    item.bounds.y += item.bounds.height - height;
    item.bounds.height = height;
    return height == 0 || draw_list_add(out, &item);
}

static bool sweep(struct draw_item item, double eased, struct draw_list *out)
{
    float way = item.arc.to_turn - item.arc.from_turn;
    item.arc.to_turn = item.arc.from_turn + way * (float)eased;
    return draw_list_add(out, &item);
}

/* At the place of the end value: from the left, so that the first digit stands
 * still, or from the right, so that each digit does that has one to its right.
 */
static bool put_number(const struct page_element *element,
                       const struct type_metrics *metrics,
                       struct decimal number, bool left, struct draw_list *out)
{
    char digits[NUMBER_BYTES];
    words_number(number, digits);
    const struct draw_item *rest = &element->item;
    type_length width = page_run_width(metrics, rest->text.role,
                                       rest->text.size_px, digits);
    int x = rest->text.x;
    if (!left)
        x += (element->figure_width - width) / TYPE_PIXEL;
    return page_run_draw(metrics, rest->text.role, rest->text.size_px, digits,
                         x, rest->text.baseline_y, rest->colour, out);
}

static bool count(const struct page_element *element,
                  const struct type_metrics *metrics, double progress,
                  struct draw_list *out)
{
    double counted = timeline_count_out(progress);
    return put_number(element, metrics,
                      timeline_count(element->from, element->to, counted), true,
                      out);
}

/* Digits or a ring of a live figure. They come in as others do, and then
 * follow its value. */
static bool follow(const struct page_element *element,
                   const struct type_metrics *metrics,
                   const struct page_time *time, bool still,
                   struct draw_list *out)
{
    struct page_live_figure figure = time->live->figures[element->live - 1];
    double progress = 1;
    if (still)
        figure.since_ms = INT64_MAX;
    if (page_motion_ends(element->motion))
        progress = timeline_progress(time->t_ms, element->begin_ms,
                                     element->lasts_ms);
    struct decimal value = page_live_value(&figure);
    struct draw_item item = element->item;
    if (item.kind == DRAW_ARC) {
        item.arc.to_turn = (float)(decimal_to_double(value) / 100);
        return sweep(item, timeline_ease_out(progress), out);
    }
    if (element->motion == PAGE_COUNT && progress < 1)
        value = timeline_count(element->from, value,
                               timeline_count_out(progress));
    return put_number(element, metrics, value, false, out);
}

/* What still lies ahead, in the greatest unit that is not over it; a day
 * before, hours; an hour before, minutes; always rounded up. */
static int64_t countdown_unit(int64_t left_ms)
{
    if (left_ms > DAY_MS)
        return DAY_MS;
    return left_ms > HOUR_MS ? HOUR_MS : MINUTE_MS;
}

static const char *countdown_parts(const struct page_countdown *countdown,
                                   int64_t now_ms, char digits[24])
{
    int64_t left_ms = countdown->until_ms - now_ms;
    int64_t step = countdown_unit(left_ms);
    snprintf(digits, 24, "%lld", (long long)((left_ms + step - 1) / step));
    return countdown->units[step == DAY_MS ? 0 : step == HOUR_MS ? 1 : 2];
}

static bool finished(const struct page_countdown *countdown,
                     struct draw_list *out)
{
    for (size_t i = 0; i < countdown->finished_count; i++) {
        if (!draw_list_add(out, &countdown->finished[i]))
            return false;
    }
    return true;
}

/* Sizes and widths of digits and unit; set smaller where years lie ahead. */
struct countdown_fit {
    int digits_px, unit_px;
    int digits_width, unit_width;
};

static struct countdown_fit countdown_fit(const struct page_element *element,
                                          const struct type_metrics *metrics,
                                          const char *digits, const char *unit)
{
    const struct page_countdown *countdown = element->countdown;
    enum type_role role = element->item.text.role;
    struct countdown_fit fit = {.digits_px = countdown->digits_size_px,
                                .unit_px = countdown->unit_size_px};
    for (;;) {
        fit.digits_width =
            type_pixels(page_run_width(metrics, role, fit.digits_px, digits)) +
            fit.unit_px / 5;
        fit.unit_width =
            type_pixels(page_run_width(metrics, role, fit.unit_px, unit));
        int over = fit.digits_width + fit.unit_width - countdown->width_px;
        if (over <= 0 || fit.digits_px <= fit.unit_px)
            return fit;
        fit.digits_px--;
    }
}

static bool countdown(const struct page_element *element,
                      const struct type_metrics *metrics, int64_t now_ms,
                      struct draw_list *out)
{
    const struct page_countdown *countdown = element->countdown;
    const struct draw_item *rest = &element->item;
    if (now_ms == TIMESTAMP_NONE)
        return draw_list_add(out, rest);
    if (now_ms >= countdown->until_ms)
        return finished(countdown, out);
    char digits[24];
    const char *unit = countdown_parts(countdown, now_ms, digits);
    struct countdown_fit fit = countdown_fit(element, metrics, digits, unit);
    int hidden = countdown->centred ? 0
                                    : page_run_ink_px(metrics, rest->text.role,
                                                      fit.digits_px, digits);
    int x = countdown->x - hidden;
    if (countdown->centred)
        x += (countdown->width_px - fit.digits_width - fit.unit_width) / 2;
    int y = rest->text.baseline_y;
    return page_run_draw(metrics, rest->text.role, fit.digits_px, digits, x, y,
                         rest->colour, out) &&
           page_run_draw(metrics, rest->text.role, fit.unit_px, unit,
                         x + fit.digits_width, y, countdown->unit_colour, out);
}

/* How far from the crest of the light it is still felt, of a lap; and how
 * much of the colour is there without it. */
#define PASS_REACH 0.16
#define PASS_REST 0.16
#define PASS_PI 3.14159265358979

static bool pass(const struct page_element *element, int64_t moved_ms,
                 struct draw_list *out)
{
    int64_t behind_ms = (moved_ms - element->begin_ms) % element->lasts_ms;
    double away = fabs((double)behind_ms / element->lasts_ms);
    double light = 0;
    struct draw_item item = element->item;
    if (away > 0.5)
        away = 1 - away;
    if (away < PASS_REACH)
        light = (1 + cos(PASS_PI * away / PASS_REACH)) / 2;
    item.colour = with_share_of_alpha(item.colour,
                                      PASS_REST + (1 - PASS_REST) * light);
    return draw_list_add(out, &item);
}

int64_t page_next_change_ms(const struct page_set *set, int64_t now_ms)
{
    if (set->until_ms == TIMESTAMP_NONE || now_ms == TIMESTAMP_NONE ||
        now_ms >= set->until_ms)
        return INT64_MAX;
    int64_t left_ms = set->until_ms - now_ms;
    int64_t step = countdown_unit(left_ms);
    return set->until_ms - (left_ms + step - 1) / step * step + step;
}

bool page_element_frame(const struct page_element *element,
                        const struct type_metrics *metrics,
                        const struct page_time *time, bool still,
                        struct draw_list *out)
{
    if (element->live > 0 && time->live != NULL)
        return follow(element, metrics, time, still, out);
    if (element->motion == PAGE_COUNTDOWN)
        return countdown(element, metrics, time->now_ms, out);
    if (element->motion == PAGE_PASS)
        return pass(element, time->moved_ms, out);
    double progress = timeline_progress(time->t_ms, element->begin_ms,
                                        element->lasts_ms);
    if (progress >= 1 || element->motion == PAGE_STILL)
        return draw_list_add(out, &element->item);
    double eased = timeline_ease_out(progress);
    switch (element->motion) {
    case PAGE_GROW_RIGHT:
        return grow_right(element, eased, out);
    case PAGE_GROW_UP:
        return grow_up(element, eased, out);
    case PAGE_SWEEP:
        return sweep(element->item, eased, out);
    case PAGE_COUNT:
        return count(element, metrics, progress, out);
    default:
        return true;
    }
}
