/* Short texts that belong together are joined into lines and never broken. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"

#include <stdio.h>
#include <string.h>

const char *page_labelled(struct page_build *build, const char *label,
                          const char *words)
{
    size_t bytes = strlen(label) + 1 + strlen(words) + 1;
    char *text = page_set_alloc(build->set, bytes);

    if (text == NULL) {
        build->failed = true;
        return "";
    }
    snprintf(text, bytes, "%s %s", label, words);
    return text;
}

size_t page_join_units(struct page_build *build, const struct page_text *style,
                       const char **units, size_t count)
{
    struct page_text line = *style;
    size_t lines = 0;

    for (size_t i = 0; i < count; i++) {
        line.text = lines == 0
                        ? units[i]
                        : page_strip_joined(build, units[lines - 1], units[i]);
        bool fits = lines > 0 && page_run_px(build, &line) <= build->area.width;
        if (fits)
            units[lines - 1] = line.text;
        else
            units[lines++] = units[i];
    }
    return lines;
}
