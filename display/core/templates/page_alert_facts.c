/* The facts of an alert in rows: label and text, one row or two beside each
 * other. */
#include "display/core/templates/page_alert_facts.h"

#include "display/core/page/page_figure.h"
#include "display/core/templates/page_template.h"

enum { LEAST_EMS = 4 };

static struct page_text fact_text(const struct page_build *build,
                                  const struct page_facts *facts,
                                  const char *text, enum type_role role)
{
    return (struct page_text){.text = text,
                              .role = role,
                              .size_px = facts->size_px,
                              .colour = build->text};
}

static struct page_text label_of(const struct page_build *build,
                                 const struct page_facts *facts, size_t index)
{
    return fact_text(build, facts, facts->all.items[index].label, TYPE_SANS);
}

static struct page_text text_of(const struct page_build *build,
                                const struct page_facts *facts, size_t index)
{
    return fact_text(build, facts, facts->all.items[index].text,
                     TYPE_SANS_BOLD);
}

/* Of a fact's text. */
static int text_px(const struct page_build *build,
                   const struct page_facts *facts, size_t index)
{
    int width = facts->half[index] ? facts->width_px / 2 - build->gap
                                   : facts->width_px;
    return width - facts->label_px;
}

static int fact_height(struct page_build *build, const struct page_facts *facts,
                       size_t index)
{
    struct page_text label = label_of(build, facts, index);
    struct page_text text = text_of(build, facts, index);
    int above = facts->label_px > 0
                    ? 0
                    : page_text_height(build, &label, facts->width_px);
    return above + page_text_height(build, &text, text_px(build, facts, index));
}

/* Behind the last fact of the row that begins with this one. */
static size_t row_end(const struct page_facts *facts, size_t from)
{
    size_t next = from + 1;
    bool both = next < facts->all.count && facts->half[from] &&
                facts->half[next];
    return both ? next + 1 : next;
}

static int row_height(struct page_build *build, const struct page_facts *facts,
                      size_t from)
{
    int height = 0;
    for (size_t i = from; i < row_end(facts, from); i++) {
        int one = fact_height(build, facts, i);
        height = one > height ? one : height;
    }
    return height;
}

static int rows_height(struct page_build *build, const struct page_facts *facts)
{
    int height = 0;
    for (size_t i = 0; i < facts->all.count; i = row_end(facts, i))
        height += row_height(build, facts, i);
    return height;
}

static void set_label_column(struct page_build *build, struct page_facts *facts)
{
    for (size_t i = 0; i < facts->all.count; i++) {
        struct page_text label = label_of(build, facts, i);
        int width = page_run_px(build, &label) + facts->size_px / 2;
        if (width > facts->label_px)
            facts->label_px = width;
    }
}

static bool fits_line(struct page_build *build, const struct page_facts *facts,
                      size_t index)
{
    struct page_text text = text_of(build, facts, index);
    return page_text_width(build, &text, PAGE_UNBROKEN_PX) <=
           text_px(build, facts, index);
}

static void set_halves(struct page_build *build, struct page_facts *facts)
{
    for (size_t i = 0; i < facts->contacts; i++) {
        facts->half[i] = true;
        facts->half[i] = fits_line(build, facts, i);
    }
}

/* Whether something has too little width that must not be broken: a time, a
 * contact beside the code, or without a code the number of a contact. */
static bool is_pressed(struct page_build *build, const struct page_facts *facts)
{
    struct page_text style = text_of(build, facts, 0);
    struct alert_contact_px contact = page_alert_contact_px(build, &style);
    int least = facts->code_px > 0 ? contact.whole : contact.number;
    int width = facts->width_px - facts->label_px;
    if (width < LEAST_EMS * facts->size_px)
        return true;
    if (facts->contacts < facts->all.count && width < least)
        return true;
    for (size_t i = 0; i < facts->contacts; i++) {
        if (!facts->all.items[i].bare && !fits_line(build, facts, i))
            return true;
    }
    return false;
}

static void set_contacts(struct page_build *build, struct page_facts *facts)
{
    struct page_text style = text_of(build, facts, facts->contacts);
    int width = text_px(build, facts, facts->contacts);
    facts->all.items[facts->contacts].text =
        page_alert_contact_lines(build, &style, width);
}

struct page_facts page_facts_make(struct page_build *build, int code_px,
                                  bool contacts)
{
    int code_column = code_px > 0 ? code_px + 2 * build->gap : 0;
    struct page_facts facts = {.size_px = build->sizes[SIZE_LEGAL],
                               .width_px = build->area.width - code_column,
                               .code_px = code_px};
    page_alert_facts(build, &facts.all);
    facts.contacts = facts.all.count;
    if (contacts && build->message->alert.contact_count > 0)
        page_alert_add_fact(build, &facts.all, WORD_CONTACTS,
                            page_alert_contact(build, 0));
    set_label_column(build, &facts);
    facts.pressed = is_pressed(build, &facts);
    if (facts.pressed && code_px == 0)
        facts.label_px = 0;
    if (build->wide && code_px == 0)
        set_halves(build, &facts);
    if (facts.contacts < facts.all.count)
        set_contacts(build, &facts);
    bool room = !facts.pressed || code_px == 0;
    facts.rows_px = room ? rows_height(build, &facts) : build->area.height + 1;
    return facts;
}

int page_facts_height(const struct page_facts *facts)
{
    return facts->rows_px > facts->code_px ? facts->rows_px : facts->code_px;
}

static void put_fact(struct page_build *build, const struct page_facts *facts,
                     size_t index, int x, int y)
{
    struct page_text label = label_of(build, facts, index);
    struct page_text text = text_of(build, facts, index);
    bool over = facts->label_px == 0;
    int height = page_put_text(build, &label, x, y,
                               over ? facts->width_px : facts->label_px);
    page_put_text(build, &text, x + facts->label_px, over ? y + height : y,
                  text_px(build, facts, index));
}

static void put_row(struct page_build *build, const struct page_facts *facts,
                    size_t from, int y)
{
    for (size_t i = from; i < row_end(facts, from); i++)
        put_fact(build, facts, i,
                 build->area.x + (int)(i - from) * facts->width_px / 2, y);
}

void page_facts_put(struct page_build *build, const struct page_facts *facts,
                    int y)
{
    int height = page_facts_height(facts);
    int right = build->area.x + build->area.width;
    if (facts->code_px > 0)
        page_put_code(build, build->message->alert.web, right - facts->code_px,
                      y + height - facts->code_px, facts->code_px);
    y += height - facts->rows_px;
    for (size_t i = 0; i < facts->all.count; i = row_end(facts, i)) {
        put_row(build, facts, i, y);
        y += row_height(build, facts, i);
    }
}

/* A fact that no page holds whole: its label stands with its first line. */
static void flow_fact(struct page_build *build, const struct page_facts *facts,
                      size_t index)
{
    struct page_text label = label_of(build, facts, index);
    struct page_text text = text_of(build, facts, index);
    int line = page_text_height(build, &label, facts->width_px);
    if (page_room(build) < 2 * line && build->y > build->area.y)
        page_open(build);
    page_flow_text(build, &label);
    page_flow_text(build, &text);
}

void page_facts_flow(struct page_build *build, const struct page_facts *facts)
{
    for (size_t i = 0; i < facts->all.count; i = row_end(facts, i)) {
        int height = row_height(build, facts, i);
        if (height <= build->area.height)
            put_row(build, facts, i, page_take(build, height));
        else
            flow_fact(build, facts, i);
    }
}
