/* Any bytes as the configuration file of operators. */
#include "tests/fuzz/check.h"

#include "publisher/cli/options.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char program[] = "gaoshi-publish";
    char *words[] = {program, NULL};
    struct problem problem = {0};
    struct options options;
    int operands = 0;

    FUZZ_CHECK(
        options_parse(&options, OPTION_SEND, 1, words, 1, &operands, &problem));
    options.config_file = fuzz_file(data, size);
    if (options_read_config(&options, &problem)) {
        FUZZ_CHECK(options.brokers.count <= LINK_BROKER_MAX);
        for (size_t i = 0; i < options.brokers.count; i++)
            FUZZ_CHECK(options.brokers.texts[i][0] != '\0');
        FUZZ_CHECK(!options.org || options.org[0] != '\0');
        FUZZ_CHECK(options.timeout_s > 0);
    } else {
        fuzz_check_problem(&problem);
        FUZZ_CHECK(strcmp(problem.place, options.config_file) == 0);
    }
    options_finish(&options);
    return 0;
}
