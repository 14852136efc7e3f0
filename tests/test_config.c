/* The configuration file and the command line: what is read, what is refused
 * and how it is told; the example and the manual agree with the table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/core/page/furniture.h"
#include "display/edge/config/config.h"
#include "display/edge/config/config_edit.h"
#include "tests/support/folder.h"
#include "tests/support/table.h"

static char *folder;

static int set_up(void **state)
{
    (void)state;
    folder = folder_make();
    return folder ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(folder);
    free(folder);
    return 0;
}

/* Reads a text as a file named display.conf; told is what would be said. */
static bool read_text(const char *text, struct config *config, char *told,
                      size_t size)
{
    struct problem problem = {0};
    char *file = folder_path(folder, "display.conf");

    assert_true(folder_write(folder, "display.conf", text));
    config_init(config);
    bool read = config_read(file, config, &problem);
    snprintf(problem.place, sizeof problem.place, "display.conf");
    problem_format(&problem, told, size);
    free(file);
    return read;
}

static const char full_text[] = "[screen]\n"
                                "org = erqi\n"
                                "id = lobby-1\n"
                                "area = 410103001001\n"
                                "groups = halls schools\n"
                                "name = 郑州市二七区\n"
                                "[glass]\n"
                                "viewing_distance_m = 12.5\n"
                                "height_mm = 1200\n"
                                "rotation = 270\n"
                                "motion = reduced\n"
                                "utc_offset = -03:30\n"
                                "lunar = no\n"
                                "[broker]\n"
                                "address = mqtt://a:1 mqtt://b:2\n"
                                "  mqtt://c:3\n"
                                "mqtt_version = 3.1.1\n"
                                "[trust]\n"
                                "panels = a.pem /b.pem ; two of them\n"
                                "[alerts]\n"
                                "show_tests = yes\n";

static void every_option_is_read_into_its_field(void **state)
{
    struct config config;
    char told[512];

    (void)state;
    assert_true(read_text(full_text, &config, told, sizeof told));
    assert_string_equal(config.identity.org, "erqi");
    assert_string_equal(config.identity.screen, "lobby-1");
    assert_string_equal(config.identity.area, "410103001001");
    assert_int_equal(config.identity.group_count, 2);
    assert_string_equal(config.identity.groups[1], "schools");
    assert_string_equal(config.place_name, "郑州市二七区");
    assert_int_equal(config.viewing_mm, 12500);
    assert_int_equal(config.height_mm, 1200);
    assert_int_equal(config.rotation, 270);
    assert_int_equal(config.motion, MOTION_REDUCED);
    assert_int_equal(config.utc_offset_minutes, -210);
    assert_int_equal(config.furniture, FURNITURE_DEFAULT & ~FURNITURE_LUNAR);
    assert_int_equal(config.brokers.count, 3);
    assert_string_equal(config.brokers.texts[2], "mqtt://c:3");
    assert_int_equal(config.mqtt_version, 4);
    assert_int_equal(config.trust_panels.count, 2);
    assert_string_equal(config.trust_panels.texts[1], "/b.pem");
    /* Named from the folder of the configuration. */
    char *beside = folder_path(folder, "a.pem");
    assert_string_equal(config.trust_panels.texts[0], beside);
    free(beside);
    assert_int_equal(config.show_tests, 1);
    assert_int_equal(config.show_exercises, 0);
}

static void what_is_not_given_stands_at_its_default(void **state)
{
    struct config config;
    char told[512];

    (void)state;
    assert_true(read_text("", &config, told, sizeof told));
    assert_int_equal(config.furniture, FURNITURE_DEFAULT);
    assert_int_equal(config.utc_offset_minutes, 480);
    assert_int_equal(config.mqtt_version, 5);
    assert_int_equal(config.motion, MOTION_FULL);
    assert_string_equal(config.theme, "night");
}

static const struct {
    const char *text;
    const char *told;
} wrong_texts[] = {
    {"[screen]\norg = erqi\nrog = x\n",
     "display.conf:3: screen.rog: no such key"},
    {"[sreen]\norg = erqi\n", "display.conf:2: sreen.org: no such section"},
    {"org = erqi\n", "display.conf:1: .org: no such section"},
    {"[screen]\n\norg = Er Qi\n",
     "display.conf:3: screen.org: 'Er Qi', expected lower-case letters, "
     "digits, '.', '_', '-', at most 64 bytes"},
    {"[screen]\narea = 410103\n",
     "display.conf:2: screen.area: '410103', expected an area code of 12 "
     "digits, at most 12 bytes"},
    {"[glass]\nrotation = 45\n",
     "display.conf:2: glass.rotation: '45', expected one of: 0, 90, 180, "
     "270"},
    {"[glass]\nheight_mm = 12x\n",
     "display.conf:2: glass.height_mm: '12x', expected a whole number "
     "from 0 to 100000"},
    {"[glass]\nheight_mm = 100001\n",
     "display.conf:2: glass.height_mm: '100001', expected a whole number "
     "from 0 to 100000"},
    {"[glass]\nviewing_distance_m = 201\n",
     "display.conf:2: glass.viewing_distance_m: '201', expected metres, "
     "such as 12.5, at most 200"},
    {"[glass]\nclock = on\n",
     "display.conf:2: glass.clock: 'on', expected yes or no"},
    {"[glass]\nutc_offset = +8\n",
     "display.conf:2: glass.utc_offset: '+8', expected an offset from "
     "UTC, such as +08:00"},
    {"[glass]\nclock = yes\nclock = no\n",
     "display.conf:3: glass.clock: given twice"},
    {"[broker]\naddress = mqtt://a mqtt://b mqtt://c mqtt://d mqtt://e\n"
     " mqtt://f mqtt://g mqtt://h mqtt://i\n",
     "display.conf:3: broker.address: expected at most 8 addresses"},
    {"[broker]\naddress = b:1883\n",
     "display.conf:2: broker.address: 'b:1883': expected mqtt://HOST:PORT or "
     "mqtts://HOST:PORT, or ws:// or wss:// for a WebSocket"},
    {"[broker]\naddress b\n",
     "display.conf:2: neither [section] nor key = value"},
    {"[screen]\norg = erqi\nnonsense\n",
     "display.conf:3: neither [section] nor key = value"},
    {"[screen]\nname = \xFF\xFE\n",
     "display.conf:2: screen.name: '\uFFFD\uFFFD', expected a text in UTF-8, "
     "at most 127 bytes"},
};

static void what_is_wrong_is_told_with_file_line_and_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_texts / sizeof wrong_texts[0]; i++) {
        struct config config;
        char told[512];
        assert_false(
            read_text(wrong_texts[i].text, &config, told, sizeof told));
        assert_string_equal(told, wrong_texts[i].told);
    }
}

static void a_line_over_the_limit_is_refused_and_not_split(void **state)
{
    char text[4096] = "[screen]\nname = ";
    struct config config;
    char told[512];

    (void)state;
    memset(text + strlen(text), 'x', 3000);
    assert_false(read_text(text, &config, told, sizeof told));
    assert_memory_equal(told, "display.conf:2: the line is longer than ", 40);
}

static void a_refused_file_leaves_the_config_untouched(void **state)
{
    struct config config, before;
    struct problem problem = {0};
    char *file = folder_path(folder, "display.conf");

    (void)state;
    config_init(&before);
    config_init(&config);
    assert_true(
        folder_write(folder, "display.conf", "[screen]\norg = a\nx = 1\n"));
    assert_false(config_read(file, &config, &problem));
    assert_memory_equal(&config, &before, sizeof config);
    free(file);
}

static void a_missing_file_is_told(void **state)
{
    struct config config;
    struct problem problem = {0};
    char told[512];

    (void)state;
    config_init(&config);
    assert_false(config_read("/no/such.conf", &config, &problem));
    problem_format(&problem, told, sizeof told);
    assert_string_equal(told, "/no/such.conf: No such file or directory");
}

/* A screen that runs does with what is left, and knows what was wrong. */
static void what_is_wrong_with_the_line_can_be_forgiven(void **state)
{
    static const char *const wrong[] = {
        "address = b:1\n",    "adress = mqtt://b\n", "address b\n",
        "mqtt_version = 6\n", "ca = a\nca = b\n",    "username = \xFF\n",
    };
    char *file = folder_path(folder, "display.conf");
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct config config;
        struct problem problem = {0};
        snprintf(text, sizeof text,
                 "[broker]\n%saddress = mqtt://good\n[trust]\nroot = k\n"
                 "[screen]\norg = erqi\nid = lobby\n",
                 wrong[i]);
        assert_true(folder_write(folder, "display.conf", text));
        config_init(&config);
        config.state.lenient_section = "broker";
        assert_true(config_read(file, &config, &problem));
        assert_true(config_check(&config, &problem));
        assert_in_range(config.state.lenient_problem.line, 2, 3);
        assert_false(config_check_line(&config, &problem));
        assert_string_equal(config.brokers.texts[0], "mqtt://good");
        assert_string_equal(config.identity.screen, "lobby");
    }
    free(file);
}

static void what_only_the_whole_can_tell_is_checked(void **state)
{
    static const struct {
        const char *key, *value, *field;
    } steps[] = {
        {"screen.org", "erqi", "screen.org"},
        {"screen.id", "lobby", "screen.id"},
        {"trust.panels", "a.pem", "trust.root"},
        {"broker.address", "mqtt://a:1", "broker.address"},
    };
    struct config config;
    struct problem problem = {0};

    (void)state;
    config_init(&config);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_false(config_check(&config, &problem));
        assert_string_equal(problem.field, steps[i].field);
        assert_true(
            option_row_set(option_rows_find_key(config_rows, steps[i].key),
                           steps[i].value, &config, &problem));
    }
    assert_true(config_check(&config, &problem));
    strcpy(config.cert_file, "cert.pem");
    assert_false(config_check(&config, &problem));
    assert_string_equal(problem.field, "broker.key");
}

enum { WORDS_MAX = 16 };

/* A command line, parted at spaces in place. */
static int split(char *text, char *argv[WORDS_MAX])
{
    int argc = 0;

    for (char *word = strtok(text, " "); word && argc < WORDS_MAX;
         word = strtok(NULL, " "))
        argv[argc++] = word;
    return argc;
}

static bool load(char *words, enum config_command command,
                 struct config *config, char **argv, int *operands,
                 struct problem *problem)
{
    int argc = split(words, argv);

    memset(config, 0, sizeof *config);
    return config_load(config, command, argc, argv, operands, problem);
}

static void the_command_line_overrides_and_keeps_operands(void **state)
{
    char text[512];
    char *argv[WORDS_MAX];
    struct config config;
    struct problem problem = {0};
    int operands = 0;

    (void)state;
    assert_true(folder_write(folder, "display.conf",
                             "[screen]\nname = here\n[glass]\ntheme = day\n"
                             "rotation = 90\n"));
    snprintf(text, sizeof text,
             "x one --place=there --draw-list two --conf %s/display.conf --out "
             "f --page 3 --rotation 180 -- --place",
             folder);
    assert_true(load(text, CONFIG_RENDER, &config, argv, &operands, &problem));
    assert_int_equal(operands, 3);
    assert_string_equal(argv[1], "one");
    assert_string_equal(argv[2], "two");
    assert_string_equal(argv[3], "--place");
    assert_string_equal(config.place_name, "there");
    assert_string_equal(config.theme, "day");
    assert_int_equal(config.rotation, 180);
    assert_true(config.flags.draw_list);
    assert_string_equal(config.flags.out, "f");
    assert_int_equal(config.flags.page, 3);
}

static void a_flag_for_several_options_overrides_each_of_them(void **state)
{
    char text[512];
    char *argv[WORDS_MAX];
    struct config config;
    struct problem problem = {0};
    int operands = 0;

    (void)state;
    assert_true(folder_write(folder, "display.conf",
                             "[trust]\npanels = a b c\nalerts = d\n"));
    snprintf(
        text, sizeof text,
        "x --config %s/display.conf --trust /one --show-drills --trust two",
        folder);
    assert_true(load(text, CONFIG_RUN, &config, argv, &operands, &problem));
    assert_int_equal(config.trust_panels.count, 2);
    assert_string_equal(config.trust_panels.texts[0], "/one");
    assert_string_equal(config.trust_commands.texts[1], "two");
    assert_int_equal(config.trust_root.count, 0);
    assert_int_equal(config.show_tests, 1);
}

static void a_wrong_flag_is_told_by_its_name(void **state)
{
    static const struct {
        const char *words;
        const char *told;
    } cases[] = {
        {"x --not", "--not: no such flag, the nearest is --now; see --help"},
        {"x -v", "-v: no such flag; see --help"},
        /* One of two. */
        {"x --al 1", "--al: no such flag, the nearest is --at; see --help"},
        {"x --place", "'--place' wants a value: TEXT; see --help"},
        {"x --plain=1", "--plain: takes no value; see --help"},
        {"x --page 1001", "--page: '1001', expected a whole number from 1 to "
                          "1000; see --help"},
        {"x --motion fast", "--motion: 'fast', expected one of: full, reduced, "
                            "none; see --help"},
        {"x --place \xFF", "--place: byte 0xFF found, UTF-8 expected: is the "
                           "terminal's encoding another one?; see --help"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct config config;
        struct problem problem = {0};
        char text[64], told[512];
        char *argv[WORDS_MAX];
        int operands;
        snprintf(text, sizeof text, "%s", cases[i].words);
        assert_false(
            load(text, CONFIG_RENDER, &config, argv, &operands, &problem));
        problem_format(&problem, told, sizeof told);
        assert_string_equal(told, cases[i].told);
    }
}

/* Behind its section. */
static const char *name_of(const struct option_row *row)
{
    return strchr(row->key, '.') + 1;
}

static void the_example_is_valid_and_names_every_option(void **state)
{
    struct config config;
    struct problem problem = {0};
    size_t bytes;
    char *text = source_read("data/display.conf", &bytes);
    char *file = folder_path(folder, "example.conf");

    (void)state;
    assert_true(folder_write(folder, "example.conf", text));
    config_init(&config);
    if (!config_read(file, &config, &problem))
        fail_msg("line %d: %s %s", problem.line, problem.field,
                 problem.expected);
    assert_true(config_check(&config, &problem));
    for (const struct option_row *row = config_rows; row->type; row++) {
        char key[96];
        snprintf(key, sizeof key, "%s =", row->key ? name_of(row) : "");
        if (row->key && !strstr(text, key))
            fail_msg("%s is missing", row->key);
    }
    free(file);
    free(text);
}

static void the_manual_says_of_every_option_what_the_table_says(void **state)
{
    size_t bytes;
    char *text = source_read("docs/man/gaoshi-display.conf.5.scd", &bytes);

    (void)state;
    for (const struct option_row *row = config_rows; row->type; row++) {
        char head[256];
        if (!row->key)
            continue;
        snprintf(head, sizeof head, "*%s* =", name_of(row));
        const char *at = strstr(text, head);
        at = at ? strstr(at, row->help) : NULL;
        if (!at)
            fail_msg("%s: «%s» is missing", row->key, row->help);
        if (!row->fallback)
            continue;
        snprintf(head, sizeof head, "Default: %s", row->fallback);
        const char *end = strstr(at, "\n\n");
        const char *found = strstr(at, head);
        if (!found || (end && found > end))
            fail_msg("%s: «%s» is missing", row->key, head);
    }
    free(text);
}

/* One value changes; everything else, comments too, stays byte for byte. */
static void one_value_of_a_file_is_changed(void **state)
{
    static const struct {
        const char *text, *key, *value, *expected;
    } cases[] = {
        {"[screen]\nid = a\nname =\n# end\n", "screen.name", "大厅",
         "[screen]\nid = a\nname = 大厅\n# end\n"},
        {"[screen]\nid = a\n\n[broker]\nname = x\n", "screen.name", "b",
         "[screen]\nid = a\nname = b\n\n[broker]\nname = x\n"},
        {"[screen]\nid = a\n", "glass.rotation", "90",
         "[screen]\nid = a\n\n[glass]\nrotation = 90\n"},
        {"[glass]\nrotation_x = 1\nrotation=0", "glass.rotation", "90",
         "[glass]\nrotation_x = 1\nrotation = 90\n"},
        {"[screen]\ngroups = a\n  b\n  c\nid = x\n", "screen.groups", "d",
         "[screen]\ngroups = d\nid = x\n"},
        {"", "glass.rotation", "0", "\n[glass]\nrotation = 0\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *made = config_edit(cases[i].text, cases[i].key, cases[i].value);
        assert_string_equal(made, cases[i].expected);
        free(made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_read_into_its_field),
        cmocka_unit_test(what_is_not_given_stands_at_its_default),
        cmocka_unit_test(what_is_wrong_is_told_with_file_line_and_key),
        cmocka_unit_test(a_line_over_the_limit_is_refused_and_not_split),
        cmocka_unit_test(a_refused_file_leaves_the_config_untouched),
        cmocka_unit_test(a_missing_file_is_told),
        cmocka_unit_test(what_is_wrong_with_the_line_can_be_forgiven),
        cmocka_unit_test(what_only_the_whole_can_tell_is_checked),
        cmocka_unit_test(the_command_line_overrides_and_keeps_operands),
        cmocka_unit_test(a_flag_for_several_options_overrides_each_of_them),
        cmocka_unit_test(a_wrong_flag_is_told_by_its_name),
        cmocka_unit_test(one_value_of_a_file_is_changed),
        cmocka_unit_test(the_example_is_valid_and_names_every_option),
        cmocka_unit_test(the_manual_says_of_every_option_what_the_table_says),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
