/* Any bytes as a screen's configuration file. */
#include "tests/fuzz/check.h"

#include "display/edge/config/config.h"

#include <string.h>

static void check_list(const struct config_list *list)
{
    FUZZ_CHECK(list->count <= CONFIG_LIST_MAX);
    for (size_t i = 0; i < list->count; i++)
        fuzz_check_text(list->texts[i], sizeof list->texts[i]);
}

static void check_config(const struct config *config)
{
    struct problem problem = {0};
    const struct screen_identity *identity = &config->identity;

    FUZZ_CHECK(!identity->org[0] || identifier_is_valid(identity->org));
    FUZZ_CHECK(!identity->screen[0] || identifier_is_valid(identity->screen));
    FUZZ_CHECK(!identity->area[0] || strlen(identity->area) == 12);
    FUZZ_CHECK(identity->group_count <= LIMIT_GROUPS);
    for (size_t i = 0; i < identity->group_count; i++)
        FUZZ_CHECK(identifier_is_valid(identity->groups[i]));
    fuzz_check_text(config->place_name, sizeof config->place_name);
    fuzz_check_text(config->ticker, sizeof config->ticker);
    fuzz_check_text(config->theme, sizeof config->theme);
    fuzz_check_text(config->store_file, sizeof config->store_file);
    check_list(&config->brokers);
    check_list(&config->trust_root);
    check_list(&config->trust_panels);
    check_list(&config->trust_alerts);
    check_list(&config->trust_commands);
    FUZZ_CHECK(config->rotation % 90 == 0 && config->rotation >= 0 &&
               config->rotation < 360);
    if (!config_check(config, &problem))
        fuzz_check_problem(&problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config config, before;
    struct problem problem = {0};
    const char *path = fuzz_file(data, size);

    config_init(&config);
    before = config;
    if (config_read(path, &config, &problem)) {
        check_config(&config);
        return 0;
    }
    FUZZ_CHECK(memcmp(&config, &before, sizeof config) == 0);
    fuzz_check_problem(&problem);
    FUZZ_CHECK(strcmp(problem.place, path) == 0);
    return 0;
}
