/* How wide a line would be: the ends of a line take their blank halves off. */
#include "display/core/typeset/typeset_cell.h"

struct typeset_ink typeset_span_ink(const struct typeset_text *text,
                                    struct typeset_span span)
{
    struct typeset_ink ink = {text->next_solid[span.from],
                              text->prev_solid[span.to]};

    if (ink.first >= ink.end)
        return (struct typeset_ink){0};
    return ink;
}

static int64_t indent_width(const struct typeset_text *text,
                            struct typeset_span span)
{
    return text->width[span.from + span.indent] - text->width[span.from];
}

int64_t typeset_span_width(const struct typeset_text *text,
                           struct typeset_span span)
{
    struct typeset_ink ink = typeset_span_ink(text, span);

    if (ink.end == 0)
        return 0;
    const struct typeset_cell *first = &text->cells[ink.first];
    const struct typeset_cell *last = &text->cells[ink.end - 1];
    return text->width[ink.end] - text->width[ink.first] - first->gap -
           typeset_lead_blank(first) - typeset_trail_blank(last) +
           indent_width(text, span);
}

int64_t typeset_span_give(const struct typeset_text *text,
                          struct typeset_span span)
{
    struct typeset_ink ink = typeset_span_ink(text, span);

    if (ink.end == 0)
        return 0;
    return text->give[ink.end] - text->give[ink.first + 1];
}

uint32_t typeset_span_stretch(const struct typeset_text *text,
                              struct typeset_span span)
{
    struct typeset_ink ink = typeset_span_ink(text, span);

    if (ink.end == 0)
        return 0;
    return text->stretch[ink.end] - text->stretch[ink.first + 1];
}

int64_t typeset_stretch_limit(const struct typeset_text *text,
                              struct typeset_span span)
{
    int64_t gap = text->style->size_px * TYPE_PIXEL / 4;

    return gap * typeset_span_stretch(text, span);
}

enum typeset_end typeset_end_before(const struct typeset_text *text,
                                    uint32_t cell)
{
    uint32_t solid = text->prev_solid[cell];

    if (solid == 0 || solid < cell)
        return TYPESET_END_PHRASE;
    const struct typeset_cell *last = &text->cells[solid - 1];
    if (last->kinds & (TYPESET_MARK | TYPESET_CLOSE))
        return TYPESET_END_PHRASE;
    return last->word_end ? TYPESET_END_WORD : TYPESET_END_INSIDE;
}
