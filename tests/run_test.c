/* Runs the one test of this program that the first argument names. */
#include "source_dir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include RUN_TEST_DECLARATIONS

static const struct {
    const char *name;
    int (*run)(void);
    int (*run_with_arguments)(int argc, char **argv); /* or this one */
} tests[] = {
#include RUN_TEST_ROWS
};

/* LeakSanitizer asks for its options here. */
const char *__lsan_default_options(void);

const char *__lsan_default_options(void)
{
    return "suppressions=" GAOSHI_SOURCE_DIR "/tests/leaks.supp";
}

int main(int argc, char **argv)
{
    /* Tests read messages in English and Chinese content in UTF-8. */
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("LANGUAGE");
    for (size_t i = 0; argc > 1 && i < sizeof tests / sizeof *tests; i++) {
        if (strcmp(argv[1], tests[i].name) != 0)
            continue;
        return tests[i].run ? tests[i].run()
                            : tests[i].run_with_arguments(argc - 1, argv + 1);
    }
    fprintf(stderr, "usage: %s TEST, one of:\n", argv[0]);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        fprintf(stderr, "  %s\n", tests[i].name);
    return 2;
}
