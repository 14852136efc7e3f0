/* Files too large to keep in the source tree: every bound on a warning
 * centre's file, on both sides. */
#include "base/utf8.h"
#include "cap/cap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A file under construction. */
struct page {
    char *text;
    size_t bytes;
    FILE *stream;
};

static void page_open(struct page *page)
{
    page->stream = open_memstream(&page->text, &page->bytes);
    assert_non_null(page->stream);
    fputs("<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>"
          "<identifier>a</identifier><sender>b</sender>"
          "<sent>2021-07-20T18:20:00+08:00</sent><status>Actual</status>"
          "<msgType>Alert</msgType><scope>Public</scope>",
          page->stream);
}

static void open_info(struct page *page)
{
    fputs("<info><category>Met</category><event>e</event>"
          "<urgency>Future</urgency><severity>Minor</severity>"
          "<certainty>Likely</certainty>",
          page->stream);
}

/* The problem's code; PROBLEM_NONE: it was read, and is then in *out. */
static enum problem_code page_read(struct page *page, struct cap_alert **out,
                                   struct problem *problem)
{
    *problem = (struct problem){0};
    fputs("</alert>", page->stream);
    assert_int_equal(fclose(page->stream), 0);
    bool read = cap_read(page->text, page->bytes, "page", out, problem);
    free(page->text);
    return read ? PROBLEM_NONE : problem->code;
}

static enum problem_code page_judge(struct page *page, struct problem *problem)
{
    struct cap_alert *alert = NULL;
    enum problem_code code = page_read(page, &alert, problem);

    cap_alert_destroy(alert);
    return code;
}

static void a_polygon_of_10000_points_is_read(void **state)
{
    struct cap_alert *alert = NULL;
    struct problem problem;
    struct page page;

    (void)state;
    page_open(&page);
    open_info(&page);
    fputs("<area><areaDesc>d</areaDesc><polygon>", page.stream);
    for (int i = 0; i < 10000; i++)
        fprintf(page.stream, "%d.%04d,113.%04d ", 30 + i / 5000, i, i);
    fputs("30.0000,113.0000</polygon></area></info>", page.stream);
    assert_int_equal(page_read(&page, &alert, &problem), PROBLEM_NONE);
    const struct cap_area *area = cap_area_at(cap_info_at(alert, 0), 0);
    assert_true(strlen(cap_text_at(&area->polygons, 0)->text) > 160000);
    cap_alert_destroy(alert);
}

/* No screen uses shapes: one that is too long costs the message nothing. */
static void a_shape_over_its_bytes_is_left_out(void **state)
{
    struct cap_alert *alert = NULL;
    struct problem problem;
    struct page page;

    (void)state;
    page_open(&page);
    open_info(&page);
    fputs("<area><areaDesc>d</areaDesc><polygon>", page.stream);
    for (int i = 0; i < CAP_LIMIT_SHAPE_BYTES / 8 + 1; i++)
        fputs("30,113 \n", page.stream);
    fputs("</polygon></area></info>", page.stream);
    assert_int_equal(page_read(&page, &alert, &problem), PROBLEM_NONE);
    const struct cap_area *area = cap_area_at(cap_info_at(alert, 0), 0);
    assert_null(cap_text_at(&area->polygons, 0)->text);
    assert_non_null(strstr(alert->notes.items[alert->notes.count - 1],
                           "polygon: there are too many or too long ones"));
    cap_alert_destroy(alert);
}

static void fill_bytes(size_t bytes, enum problem_code expected)
{
    struct problem problem;
    struct page page;

    page_open(&page);
    fflush(page.stream);
    size_t spaces = bytes - page.bytes - strlen("</alert>");
    for (size_t i = 0; i < spaces; i++)
        fputc(' ', page.stream);
    assert_int_equal(page_judge(&page, &problem), expected);
}

static void a_file_over_its_bytes_is_refused(void **state)
{
    (void)state;
    fill_bytes(CAP_LIMIT_BYTES, PROBLEM_NONE);
    fill_bytes(CAP_LIMIT_BYTES + 1, PROBLEM_TOO_LARGE);
    fill_bytes(10 * 1024 * 1024, PROBLEM_TOO_LARGE);
}

static void fill_text(size_t bytes, enum problem_code expected)
{
    struct problem problem;
    struct page page;

    page_open(&page);
    fputs("<note>", page.stream);
    for (size_t i = 0; i < bytes; i++)
        fputc('n', page.stream);
    fputs("</note>", page.stream);
    assert_int_equal(page_judge(&page, &problem), expected);
}

static void a_text_over_its_bytes_is_refused(void **state)
{
    (void)state;
    fill_text(CAP_LIMIT_TEXT_BYTES, PROBLEM_NONE);
    fill_text(CAP_LIMIT_TEXT_BYTES + 1, PROBLEM_TOO_LARGE);
}

/* Seven elements stand there before. */
static void fill_elements(size_t more, enum problem_code expected)
{
    struct problem problem;
    struct page page;

    page_open(&page);
    for (size_t i = 0; i < more; i++)
        fputs("<x/>", page.stream);
    assert_int_equal(page_judge(&page, &problem), expected);
}

static void elements_over_their_number_are_refused(void **state)
{
    (void)state;
    fill_elements(CAP_LIMIT_ELEMENTS - 7, PROBLEM_NONE);
    fill_elements(CAP_LIMIT_ELEMENTS - 6, PROBLEM_TOO_LARGE);
}

static void fill_depth(size_t more, enum problem_code expected)
{
    struct problem problem;
    struct page page;

    page_open(&page);
    for (size_t i = 0; i < more; i++)
        fputs("<x>", page.stream);
    for (size_t i = 0; i < more; i++)
        fputs("</x>", page.stream);
    assert_int_equal(page_judge(&page, &problem), expected);
}

static void elements_nested_too_deep_are_refused(void **state)
{
    (void)state;
    fill_depth(CAP_LIMIT_DEPTH - 1, PROBLEM_NONE);
    fill_depth(CAP_LIMIT_DEPTH, PROBLEM_TOO_LARGE);
    fill_depth(50000, PROBLEM_TOO_LARGE);
}

struct list_bound {
    const char *before, *entry, *after;
    size_t most;
    bool spare; /* what is over it is not missed */
};

static enum problem_code judge_list(const struct list_bound *bound,
                                    size_t count)
{
    struct problem problem;
    struct page page;

    page_open(&page);
    open_info(&page);
    fputs(bound->before, page.stream);
    for (size_t i = 0; i < count; i++)
        fputs(bound->entry, page.stream);
    fputs(bound->after, page.stream);
    fputs("</info>", page.stream);
    return page_judge(&page, &problem);
}

static void every_list_has_its_bound(void **state)
{
    static const struct list_bound bounds[] = {
        {"", "<area><areaDesc>d</areaDesc></area>", "", CAP_LIMIT_AREAS, false},
        {"", "<resource><resourceDesc>d</resourceDesc></resource>", "",
         CAP_LIMIT_RESOURCES, true},
        {"", "<responseType>Avoid</responseType>", "", CAP_LIMIT_WORDS, false},
        {"", "<parameter><valueName>n</valueName></parameter>", "",
         CAP_LIMIT_PAIRS, true},
        {"<area><areaDesc>d</areaDesc>", "<circle>1,1 1</circle>", "</area>",
         CAP_LIMIT_SHAPES, true},
        {"<area><areaDesc>d</areaDesc>",
         "<geocode><valueName>n</valueName></geocode>", "</area>",
         CAP_LIMIT_PAIRS, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        assert_int_equal(judge_list(&bounds[i], bounds[i].most), PROBLEM_NONE);
        assert_int_equal(judge_list(&bounds[i], bounds[i].most + 1),
                         bounds[i].spare ? PROBLEM_NONE : PROBLEM_TOO_LARGE);
    }
}

/* As a national service hands it over: hundreds of areas with long outlines. */
static void a_file_of_1_7_mb_is_read(void **state)
{
    struct cap_alert *alert = NULL;
    struct problem problem;
    struct page page;

    (void)state;
    page_open(&page);
    open_info(&page);
    for (int i = 0; i < 400; i++) {
        fputs("<area><areaDesc>d</areaDesc><polygon>", page.stream);
        for (int k = 0; k < 240; k++)
            fprintf(page.stream, "54.%06d,10.%06d ", k, i);
        fputs("54.0,10.0</polygon></area>", page.stream);
    }
    fputs("</info>", page.stream);
    fflush(page.stream);
    assert_true(page.bytes > 1700000);
    assert_int_equal(page_read(&page, &alert, &problem), PROBLEM_NONE);
    assert_int_equal(cap_info_at(alert, 0)->areas.count, 400);
    cap_alert_destroy(alert);
}

static void notes_are_counted_when_they_are_too_many(void **state)
{
    struct cap_alert *alert = NULL;
    struct problem problem;
    struct page page;

    (void)state;
    page_open(&page);
    for (int i = 0; i < 100; i++)
        fprintf(page.stream, "<x%d/>", i);
    assert_int_equal(page_read(&page, &alert, &problem), PROBLEM_NONE);
    assert_int_equal(alert->notes.count, CAP_LIMIT_NOTES);
    assert_int_equal(alert->notes.dropped, 100 - CAP_LIMIT_NOTES);
    cap_alert_destroy(alert);
}

static void long_notes_are_cut_at_a_whole_character(void **state)
{
    struct cap_notes notes = {0};
    char text[1000];

    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'a', shift);
        for (size_t at = shift; at + 4 < sizeof text; at += 3)
            strcpy(text + at, "区");
        cap_notes_add(&notes, "%s", text);
        const char *note = notes.items[shift];
        assert_true(strlen(note) > 390);
        assert_true(utf8_is_valid(note, strlen(note), NULL));
    }
    cap_notes_finish(&notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polygon_of_10000_points_is_read),
        cmocka_unit_test(a_shape_over_its_bytes_is_left_out),
        cmocka_unit_test(a_file_over_its_bytes_is_refused),
        cmocka_unit_test(a_text_over_its_bytes_is_refused),
        cmocka_unit_test(elements_over_their_number_are_refused),
        cmocka_unit_test(elements_nested_too_deep_are_refused),
        cmocka_unit_test(every_list_has_its_bound),
        cmocka_unit_test(a_file_of_1_7_mb_is_read),
        cmocka_unit_test(notes_are_counted_when_they_are_too_many),
        cmocka_unit_test(long_notes_are_cut_at_a_whole_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
