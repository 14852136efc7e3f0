/* Whom to call, in words. People dial it: label and number stay together. */
#include "display/core/templates/page_alert.h"

#include "display/core/page/page_strip.h"
#include "display/core/templates/page_template.h"

/* «急救 120» */
const char *page_alert_contact(struct page_build *build, size_t index)
{
    const struct alert_contact *contact =
        &build->message->alert.contacts[index];
    return contact->label[0] == '\0'
               ? contact->number
               : page_labelled(build, contact->label, contact->number);
}

static int unbroken_px(struct page_build *build, struct page_text text,
                       const char *words)
{
    text.text = words;
    return page_text_width(build, &text, PAGE_UNBROKEN_PX);
}

struct alert_contact_px page_alert_contact_px(struct page_build *build,
                                              const struct page_text *style)
{
    const struct alert *alert = &build->message->alert;
    struct alert_contact_px widest = {0, 0};
    for (size_t i = 0; i < alert->contact_count; i++) {
        const char *whole = page_alert_contact(build, i);
        const char *number = alert->contacts[i].number;
        widest.whole = larger(widest.whole, unbroken_px(build, *style, whole));
        widest.number = larger(widest.number,
                               unbroken_px(build, *style, number));
    }
    return widest;
}

const char *page_alert_contact_line(struct page_build *build,
                                    const struct page_text *style, int width_px,
                                    size_t index)
{
    const struct alert_contact *contact =
        &build->message->alert.contacts[index];
    const char *whole = page_alert_contact(build, index);
    return unbroken_px(build, *style, whole) <= width_px
               ? whole
               : page_strip_stacked(build, contact->label, contact->number);
}

const char *page_alert_contact_lines(struct page_build *build,
                                     const struct page_text *style,
                                     int width_px)
{
    const char *lines = "", *last = "";
    for (size_t i = 0; i < build->message->alert.contact_count; i++) {
        const char *one = page_alert_contact_line(build, style, width_px, i);
        const char *both = page_strip_joined(build, last, one);
        if (last[0] == '\0' || unbroken_px(build, *style, both) <= width_px) {
            last = both;
        } else {
            lines = page_strip_stacked(build, lines, last);
            last = one;
        }
    }
    return page_strip_stacked(build, lines, last);
}
