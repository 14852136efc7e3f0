/* Draws every character of tests/font_coverage.txt (the ideographs of GB
 * 18030-2022, levels 1 to 3, and symbols that people type) with the installed
 * fonts, in the role that informs. Tells what is there, what is missing, which
 * face gives how much, and how long it took. Ends with 0 if nothing is missing.
 * usage: font_coverage [CHAIN [LIST]]
 */
#include <stdio.h>

#include "source_dir.h"
#include "tests/support/font_coverage.h"

int main(int argc, char **argv)
{
    const char *chain = argc > 1 ? argv[1]
                                 : GAOSHI_SOURCE_DIR "/fonts/chain.ini";
    const char *list = argc > 2 ? argv[2]
                                : GAOSHI_SOURCE_DIR "/tests/font_coverage.txt";
    struct problem problem = {0};
    struct fonts *fonts = NULL;
    char missing[512] = "", text[1024];
    bool complete = false;

    bool printed = fonts_create(chain, &fonts, missing, sizeof missing,
                                &problem);
    if (missing[0])
        printf("not installed: %s\n", missing);
    printed = printed &&
              coverage_print(fonts, list, TYPE_SANS, COVERAGE_SIZE_PX, stdout,
                             &complete, &problem);
    fonts_destroy(fonts);
    if (!printed) {
        problem_format(&problem, text, sizeof text);
        fprintf(stderr, "font_coverage: %s\n", text);
    }
    return printed && complete ? 0 : 1;
}
