/* What follows an answer comes together again as it was, or not at all. */
#include "protocol/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static unsigned char *make_whole(size_t size)
{
    unsigned char *whole = malloc(size);

    assert_non_null(whole);
    for (size_t i = 0; i < size; i++)
        whole[i] = (unsigned char)(i * 7919 >> 3);
    return whole;
}

static void make_part(const unsigned char *whole, size_t size, int number,
                      struct reply_part *out)
{
    *out = (struct reply_part){
        .screen = "lobby-1", .seq = 77, .kind = "image/png"};
    reply_digest(whole, size, out->digest);
    reply_cut(whole, size, number, out);
}

/* Over the line. */
static bool send(struct reply_part *part)
{
    struct reply_part *got = malloc(sizeof *got);
    char *text = reply_part_format(part);

    assert_non_null(text);
    assert_true(strlen(text) <= LIMIT_REPLY_BYTES);
    bool read = reply_part_parse(text, strlen(text), got);
    if (read)
        *part = *got;
    free(text);
    free(got);
    return read;
}

static void parts_in_any_order_become_the_whole(void **state)
{
    static const size_t sizes[] = {
        1, 2, 3, REPLY_PART_BYTES, REPLY_PART_BYTES + 1, REPLY_BYTES};
    struct reply_part *part = malloc(sizeof *part);

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *whole = make_whole(sizes[i]);
        struct reply_assembly assembly = {.whole = NULL};
        make_part(whole, sizes[i], 1, part);
        int parts = part->parts;
        for (int n = parts; n >= 1; n--) {
            make_part(whole, sizes[i], n, part);
            assert_true(send(part));
            /* Twice is once. */
            if (n > 1)
                assert_int_equal(reply_assembly_take(&assembly, part),
                                 REPLY_INCOMPLETE);
            assert_int_equal(reply_assembly_take(&assembly, part),
                             n > 1 ? REPLY_INCOMPLETE : REPLY_COMPLETE);
        }
        assert_int_equal(assembly.total_bytes, sizes[i]);
        assert_memory_equal(assembly.whole, whole, sizes[i]);
        reply_assembly_finish(&assembly);
        free(whole);
    }
    free(part);
}

static void a_changed_byte_makes_all_of_it_false(void **state)
{
    enum { SIZE = 3 * REPLY_PART_BYTES };
    unsigned char *whole = make_whole(SIZE);
    struct reply_part *part = malloc(sizeof *part);
    struct reply_assembly assembly = {.whole = NULL};

    (void)state;
    for (int n = 1; n <= 3; n++) {
        make_part(whole, SIZE, n, part);
        if (n == 2)
            part->data[5] ^= 1;
        assert_int_equal(reply_assembly_take(&assembly, part),
                         n < 3 ? REPLY_INCOMPLETE : REPLY_FALSE);
    }
    reply_assembly_finish(&assembly);
    free(part);
    free(whole);
}

static void parts_of_two_wholes_do_not_mix(void **state)
{
    enum { SIZE = 2 * REPLY_PART_BYTES };
    unsigned char *one = make_whole(SIZE), *other = make_whole(SIZE - 1);
    struct reply_part *part = malloc(sizeof *part);
    struct reply_assembly assembly = {.whole = NULL};

    (void)state;
    make_part(one, SIZE, 1, part);
    assert_int_equal(reply_assembly_take(&assembly, part), REPLY_INCOMPLETE);
    make_part(other, SIZE - 1, 2, part);
    assert_int_equal(reply_assembly_take(&assembly, part), REPLY_FALSE);
    reply_assembly_finish(&assembly);
    free(part);
    free(other);
    free(one);
}

static void what_does_not_agree_is_no_part(void **state)
{
    static const struct {
        const char *field;
        const char *value; /* JSON */
    } table[] = {
        {"gaoshi", "2"},         {"screen", "\"A\\u001b[2J\""},
        {"screen", "7"},         {"seq", "-1"},
        {"seq", "\"77\""},       {"kind", "\"\\u001b]0;x\""},
        {"part", "0"},           {"part", "3"},
        {"parts", "129"},        {"parts", "1"},
        {"parts", "1000000000"}, {"bytes", "0"},
        {"bytes", "3145729"},    {"bytes", "24577"},
        {"bytes", "-5"},         {"sha256", "\"abc\""},
        {"sha256", "null"},      {"data", "\"AAAA\""},
        {"data", "\"====\""},    {"data", "null"},
    };
    enum { SIZE = REPLY_PART_BYTES + 10 };
    unsigned char *whole = make_whole(SIZE);
    struct reply_part *part = malloc(sizeof *part);
    struct reply_part *before = malloc(sizeof *before);

    (void)state;
    make_part(whole, SIZE, 2, part);
    *before = *part;
    char *good = reply_part_format(part);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        json_t *object = json_loads(good, 0, NULL);
        json_t *value = json_loads(table[i].value, JSON_DECODE_ANY, NULL);
        assert_non_null(value);
        json_object_set_new(object, table[i].field, value);
        char *text = json_dumps(object, 0);
        if (reply_part_parse(text, strlen(text), part))
            fail_msg("%s %s was taken", table[i].field, table[i].value);
        assert_memory_equal(part, before, sizeof *part);
        free(text);
        json_decref(object);
    }
    assert_true(reply_part_parse(good, strlen(good), part));
    free(good);
    free(before);
    free(part);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_in_any_order_become_the_whole),
        cmocka_unit_test(a_changed_byte_makes_all_of_it_false),
        cmocka_unit_test(parts_of_two_wholes_do_not_mix),
        cmocka_unit_test(what_does_not_agree_is_no_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
