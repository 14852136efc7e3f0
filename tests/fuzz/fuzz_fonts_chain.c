/* Any bytes as fonts/chain.ini. */
#include "tests/fuzz/check.h"

#include "display/edge/text/fonts_chain.h"

#include <string.h>

static void check_chain(const struct fonts_chain *chain)
{
    FUZZ_CHECK(chain->source_count >= 0 && chain->source_count <= FONTS_FACES);
    for (int i = 0; i < chain->source_count; i++) {
        const struct fonts_source *source = &chain->sources[i];
        FUZZ_CHECK(memchr(source->name, '\0', sizeof source->name));
        FUZZ_CHECK(memchr(source->file, '\0', sizeof source->file));
        FUZZ_CHECK(memchr(source->family, '\0', sizeof source->family));
        FUZZ_CHECK(source->file[0] != '\0' && source->family[0] != '\0');
        FUZZ_CHECK(source->index >= 0 && source->index <= FONTS_INDEX_MAX);
    }
    for (int i = 0; i < TYPE_ROLE_COUNT; i++) {
        const struct fonts_role *role = &chain->roles[i];
        FUZZ_CHECK(role->count >= 1 && role->count <= FONTS_ROLE_FACES);
        for (int j = 0; j < role->count; j++)
            FUZZ_CHECK(role->faces[j] >= 0 &&
                       role->faces[j] < chain->source_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fonts_chain chain;
    struct problem problem = {0};
    const char *path = fuzz_file(data, size);

    fuzz_fill(&chain, sizeof chain);
    if (fonts_chain_read(path, &chain, &problem)) {
        check_chain(&chain);
        return 0;
    }
    fuzz_check_untouched(&chain, sizeof chain);
    fuzz_check_problem(&problem);
    FUZZ_CHECK(strcmp(problem.place, path) == 0);
    return 0;
}
