/* The facts of an alert in rows: label and text, one row or two beside each
 * other. */
#include "display/core/templates/page_alert_facts.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_template.h"

static struct page_text fact_text(const struct page_build *build,
                                  const struct page_facts *facts,
                                  const char *text, enum type_role role)
{
    return (struct page_text){.text = text,
                              .role = role,
                              .size_px = facts->size_px,
                              .colour = build->text};
}

static int column_px(const struct page_facts *facts)
{
    return facts->width_px / facts->columns;
}

int page_facts_text_px(const struct page_build *build,
                       const struct page_facts *facts)
{
    int gap = facts->columns > 1 ? build->gap : 0;
    return column_px(facts) - facts->label_px - gap;
}

/* Of the row that begins with this fact. */
static int row_height(struct page_build *build, const struct page_facts *facts,
                      size_t from)
{
    int height = 0;
    for (size_t i = from; i < facts->count && i < from + (size_t)facts->columns;
         i++) {
        struct page_text text = fact_text(build, facts, facts->rows[i].text,
                                          TYPE_SANS_BOLD);
        int one = page_text_height(build, &text,
                                   page_facts_text_px(build, facts));
        height = one > height ? one : height;
    }
    return height;
}

static int rows_height(struct page_build *build, const struct page_facts *facts)
{
    int height = 0;
    for (size_t i = 0; i < facts->count; i += (size_t)facts->columns)
        height += row_height(build, facts, i);
    return height;
}

struct page_facts page_facts_make(struct page_build *build, int code_px)
{
    int size_px = build->sizes[SIZE_LEGAL];
    int code_column = code_px > 0 ? code_px + 2 * build->gap : 0;
    struct page_facts facts = {.size_px = size_px,
                               .columns = build->wide && code_px == 0 ? 2 : 1,
                               .width_px = build->area.width - code_column,
                               .code_px = code_px};
    facts.count = page_alert_facts(build, false, facts.rows);
    for (size_t i = 0; i < facts.count; i++) {
        struct page_text label = fact_text(build, &facts, facts.rows[i].label,
                                           TYPE_SANS);
        int width = page_run_px(build, &label) + size_px / 2;
        if (width > facts.label_px)
            facts.label_px = width;
    }
    /* No width is left: they fit nowhere. */
    facts.rows_px = page_facts_text_px(build, &facts) > 0
                        ? rows_height(build, &facts)
                        : build->area.height + 1;
    return facts;
}

int page_facts_height(const struct page_facts *facts)
{
    return facts->rows_px > facts->code_px ? facts->rows_px : facts->code_px;
}

static void put_fact(struct page_build *build, const struct page_facts *facts,
                     size_t index, int y)
{
    int x = build->area.x +
            (int)(index % (size_t)facts->columns) * column_px(facts);
    struct page_text label = fact_text(build, facts, facts->rows[index].label,
                                       TYPE_SANS);
    struct page_text text = fact_text(build, facts, facts->rows[index].text,
                                      TYPE_SANS_BOLD);
    page_put_text(build, &label, x, y, facts->label_px);
    page_with_previous(build);
    page_put_text(build, &text, x + facts->label_px, y,
                  page_facts_text_px(build, facts));
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
    for (size_t i = 0; i < facts->count; i++) {
        put_fact(build, facts, i, y);
        if ((i + 1) % (size_t)facts->columns == 0)
            y += row_height(build, facts, i + 1 - (size_t)facts->columns);
    }
}

bool page_facts_flow(struct page_build *build, const struct page_facts *facts)
{
    int height = page_facts_height(facts);
    if (height <= build->area.height && page_facts_text_px(build, facts) > 0) {
        page_facts_put(build, facts, page_take(build, height));
        return true;
    }
    if (facts->code_px > 0) {
        struct page_facts alone = page_facts_make(build, 0);
        page_facts_flow(build, &alone);
        return false;
    }
    for (size_t i = 0; i < facts->count; i++) {
        struct page_text label = fact_text(build, facts, facts->rows[i].label,
                                           TYPE_SANS);
        struct page_text text = fact_text(build, facts, facts->rows[i].text,
                                          TYPE_SANS_BOLD);
        page_flow_text(build, &label);
        page_flow_text(build, &text);
    }
    return true;
}
