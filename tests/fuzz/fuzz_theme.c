/* Any text as a theme file; what is read must be fit to draw with. */
#include "tests/fuzz/pages.h"

#include <stdlib.h>
#include <string.h>

static void check_words(const struct theme *theme)
{
    fuzz_check_text(theme->name, sizeof theme->name);
    for (int i = 0; i < SECTION_COUNT; i++)
        fuzz_check_text(theme->sections[i].label,
                        sizeof theme->sections[i].label);
    for (int i = 0; i < ALERT_LEVEL_COUNT; i++)
        fuzz_check_text(theme->levels[i].word, sizeof theme->levels[i].word);
    for (int i = 0; i < WORD_COUNT; i++)
        fuzz_check_text(theme->words[i], sizeof theme->words[i]);
    double contrast = colour_contrast(theme->ground, theme->text);
    FUZZ_CHECK(contrast >= 1 && contrast <= 21.001);
}

static struct message *sample(void)
{
    static struct message *message;
    struct problem problem = {0};
    size_t bytes = 0;

    if (!message) {
        char *text = fuzz_source("data/erqi/q01-gdp.json", &bytes);
        FUZZ_CHECK(message_parse(text, bytes, MESSAGE_DRAFT, "sample", &message,
                                 &problem));
        free(text);
    }
    return message;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct theme theme;
    struct fuzz_input input;
    struct problem problem = {0};

    fuzz_input_split(data, size, &input);
    fuzz_fill(&theme, sizeof theme);
    if (theme_parse(input.text, "theme.ini", &theme, &problem)) {
        struct page_context context = fuzz_context(&input, MESSAGE_PANEL);
        context.theme = &theme;
        check_words(&theme);
        fuzz_check_pages(sample(), &context);
    } else {
        fuzz_check_untouched(&theme, sizeof theme);
        fuzz_check_problem(&problem);
        FUZZ_CHECK(strcmp(problem.place, "theme.ini") == 0);
    }
    fuzz_input_finish(&input);
    return 0;
}
