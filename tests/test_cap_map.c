/* What becomes of the parts of a warning centre's file: texts, times, chains,
 * scopes, and what is told of the rest. */
#include "cap/cap_chain.h"
#include "cap/cap_contact.h"
#include "cap/cap_map.h"
#include "cap/cap_scope.h"
#include "cap/cap_tidy.h"
#include "cap/cap_tolerance.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A file of the corpus, mapped. */
struct mapped {
    struct cap_alert *alert;
    struct cap_mapping mapping;
};

static void map(const char *name, const struct cap_history *history,
                struct mapped *out)
{
    char path[400];
    size_t size;

    *out = (struct mapped){0};
    snprintf(path, sizeof path, "tests/cap/%s", name);
    char *bytes = source_read(path, &size);
    assert_true(cap_read(bytes, size, name, &out->alert, NULL));
    assert_true(cap_to_alerts(out->alert, history, &out->mapping, NULL));
    free(bytes);
}

static void mapped_finish(struct mapped *mapped)
{
    cap_mapping_finish(&mapped->mapping);
    cap_alert_destroy(mapped->alert);
}

/* A field of the gravest draft: of its alert, its cancel or its head. */
static const char *field(const struct mapped *mapped, const char *name)
{
    const struct cap_mapping *mapping = &mapped->mapping;
    const json_t *head = mapping->drafts[mapping->draft_count - 1].json;
    const json_t *value = json_object_get(json_object_get(head, "alert"), name);

    if (!value)
        value = json_object_get(json_object_get(head, "cancel"), name);
    if (!value)
        value = json_object_get(head, name);
    return value ? json_string_value(value) : "-";
}

static bool has_note(const struct mapped *mapped, const char *part)
{
    const struct cap_notes *lists[] = {&mapped->alert->notes,
                                       &mapped->mapping.notes};

    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            if (strstr(lists[l]->items[i], part))
                return true;
    return false;
}

static const struct {
    const char *file, *name, *value;
} fields[] = {
    {"valid_oasis_1_0.xml", "certainty", "likely"},
    {"valid_oasis_1_2.xml", "sent", "2021-07-20T18:20:00+08:00"},
    {"valid_oasis_1_2.xml", "sender", "二七区气象台"},
    {"valid_oasis_1_2.xml", "area", "二七区"},
    {"valid_oasis_1_2.xml", "expires", "-"},
    {"valid_oasis_times.xml", "effective", "2021-07-20T18:30:00+08:00"},
    {"valid_oasis_times.xml", "expires", "2099-07-21T06:00:00+08:00"},
    {"valid_oasis_expires_before_effective.xml", "expires", "-"},
    {"valid_oasis_several_areas.xml", "area", "二七区、金水区、中牟县"},
    {"valid_oasis_without_area.xml", "area", "相关区域"},
    {"valid_oasis_cdata_comments.xml", "description",
     "降雨量 > 50 毫米 & 持续。"},
    {"valid_oasis_cdata_comments.xml", "instruction", "减少外出，远离低洼处。"},
    {"valid_oasis_entities.xml", "headline", "气温 < 0℃ & 大风"},
    {"valid_oasis_nested_markup.xml", "description", "降雨很大，注意防范。"},
    {"valid_oasis_white_space.xml", "headline", "发布暴雨预警"},
    {"valid_oasis_white_space.xml", "description",
     "第一行。\n第二行。\n第三行。"},
    {"valid_oasis_without_instruction.xml", "instruction",
     "立即撤离到安全地点\n远离危险区域"},
    {"valid_oasis_without_headline.xml", "headline",
     "过去三小时降雨量达到五十毫米以上，降雨仍将持续。"},
    {"valid_oasis_chinese_and_english.xml", "event_en", "Rainstorm"},
    {"valid_oasis_chinese_and_english.xml", "instruction_en",
     "Stay indoors and keep away from low ground."},
    {"valid_oasis_english_only.xml", "event_en", "-"},
    {"valid_oasis_traditional_chinese.xml", "headline", "發布暴雨警告"},
    {"valid_oasis_iso_8859_1.xml", "instruction", "Évacuez."},
    {"valid_oasis_web_contact.xml", "web",
     "https://www.erqi.example.org/alert"},
    {"valid_oasis_web_not_http.xml", "web", "-"},
    {"valid_oasis_cancel.xml", "reason", "雨势减弱，积水已排除。"},
    {"valid_china_cancel.xml", "reason", "降雨已经减弱"},
    {"valid_china_cancel_numbered.xml", "reason",
     "郑州市二七区气象台解除暴雨橙色预警"},
    {"valid_china_alert.xml", "sender", "郑州市二七区气象台"},
    {"valid_china_alert.xml", "sent", "2021-07-20T18:20:00+08:00"},
    {"valid_china_alert.xml", "event_code", "11B03"},
    {"valid_china_led.xml", "description", "暴雨橙色预警：减少外出"},
    {"valid_china_led_empty.xml", "description",
     "预计未来三小时内降雨量将达五十毫米以上，请注意防范。"},
    {"valid_china_gb18030.xml", "area", "二七区𠮷巷"},
    {"valid_china_event_in_words.xml", "event_code", "-"},
    {"valid_china_gbk_euro_and_wide_space.xml", "description",
     "损失约€500万元。 请注意防范。"},
    {"valid_china_utf_8_as_gb2312.xml", "area", "二七区"},
    {"valid_china_gb18030_as_utf_8.xml", "sender", "郑州市二七区气象台"},
    {"valid_oasis_windows_1252.xml", "instruction",
     "Évacuez – dégâts de 80 €."},
    {"valid_oasis_inline_markup.xml", "description",
     "请不要驶入积水路段，\n可以留在室内。\n一\n二"},
    {"valid_oasis_inline_markup.xml", "instruction",
     "请不要返回危险区。\n请 等待通知，A&B。"},
    {"valid_oasis_cdata_html.xml", "instruction",
     "请不要返回。\n水深 > 50 厘米，x<y。"},
    {"valid_oasis_xhtml_namespace.xml", "instruction", "请不要返回。"},
    {"valid_oasis_foreign_element_in_description.xml", "description", "-"},
    {"valid_oasis_foreign_element_in_description.xml", "instruction",
     "减少外出，远离低洼积水处。"},
    {"valid_oasis_foreign_element_in_headline.xml", "headline", "-"},
    {"valid_china_led_foreign_element.xml", "description",
     "预计未来三小时内降雨量将达五十毫米以上，请注意防范。"},
    {"valid_china_says_null.xml", "instruction", "-"},
    {"valid_china_says_null.xml", "web", "-"},
    {"valid_oasis_hard_wrapped.xml", "description",
     "预计未来六小时，全区大部将有强降雨，累计雨量五十到八十毫米，局地超过"
     "一百毫米，并伴有雷电和短时大风。\n请关注后续信息。"},
    {"valid_oasis_hard_wrapped.xml", "instruction",
     "请停止户外集会，关好门窗，不要在大树和广告牌下避雨，驾车时不要驶入积水"
     "路段。"},
    {"valid_oasis_hard_wrapped_items.xml", "instruction",
     "一、停止户外集会，关好门窗，不要在大树下避雨，不要驶入积水路段。\n"
     "二、转移危险地带人员，必要时停课停业。\n3.注意收听。"},
    {"valid_oasis_lines_without_stops.xml", "instruction",
     "停止所有户外集会活动并关好门窗\n远离所有低洼地带和积水路段桥洞\n"
     "转移所有危险地带人员和重要财产"},
    {"valid_oasis_hard_wrapped_english.xml", "instruction",
     "Turn around, do not drown when encountering flooded roads. Most flood "
     "deaths occur in vehicles. Do not drive into water."},
    {"valid_oasis_hard_wrapped_english.xml", "description",
     "* WHAT...Flash flooding caused by excessive rainfall continues to be "
     "possible.\n* WHERE...Portions of the district including the river banks "
     "and all low ground."},
    {"valid_oasis_first_line_behind_tag.xml", "description",
     "The department has raised the level of the advisory System threat to "
     "the highest one of all its levels here in response to reports."},
    {"valid_oasis_first_line_behind_tag.xml", "instruction", "-"},
    {"valid_oasis_sender_is_mail_address.xml", "sender", "erqi.example.org"},
    {"valid_oasis_office_of_administration.xml", "sender",
     "China Meteorological Administration"},
    {"valid_oasis_instruction_twice.xml", "instruction",
     "减少外出，远离低洼积水处。\n不要驶入积水路段。"},
    {"valid_oasis_officer_in_chinese.xml", "sender", "二七区气象台"},
    {"valid_oasis_officer_account.xml", "sender",
     "Erqi District Meteorological Observatory"},
    {"valid_oasis_officer_in_english.xml", "sender",
     "Erqi District Meteorological Observatory"},
    {"valid_oasis_known_sender.xml", "sender", "US National Weather Service"},
    {"valid_china_sender_is_code.xml", "sender", "郑州市二七区气象台"},
    {"valid_china_expires_24_00.xml", "expires", "2099-07-21T00:00:00+08:00"},
    {"valid_oasis_expires_24_00.xml", "expires", "2100-01-01T00:00:00+08:00"},
    {"valid_oasis_expires_fraction.xml", "expires",
     "2099-07-21T06:00:00+08:00"},
    {"valid_oasis_expires_no_colon.xml", "expires",
     "2099-07-21T06:00:00+08:00"},
    {"valid_oasis_expires_no_seconds.xml", "expires",
     "2099-07-21T06:00:00+08:00"},
    {"valid_oasis_expires_without_offset.xml", "expires",
     "2099-07-21T06:00:00+08:00"},
    {"valid_oasis_expires_zulu.xml", "expires", "2021-07-21T00:00:00+00:00"},
    {"valid_oasis_expires_words.xml", "expires", "-"},
    {"valid_china_expires_offset_only.xml", "expires", "-"},
    {"valid_oasis_sent_zulu.xml", "sent", "2021-07-20T10:20:00+00:00"},
    {"valid_china_time_without_offset.xml", "sent",
     "2021-07-20T18:20:00+08:00"},
    {"valid_oasis_without_event.xml", "event", "暴雨"},
    {"valid_oasis_without_area_desc.xml", "area", "相关区域"},
};

static void every_field_becomes_what_the_table_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        struct mapped mapped;
        map(fields[i].file, NULL, &mapped);
        const char *found = field(&mapped, fields[i].name);
        if (strcmp(found, fields[i].value) != 0)
            fail_msg("%s: %s is «%s», «%s» expected", fields[i].file,
                     fields[i].name, found, fields[i].value);
        mapped_finish(&mapped);
    }
}

static void a_third_language_stands_among_the_texts(void **state)
{
    (void)state;
    struct mapped mapped;
    map("valid_oasis_three_languages.xml", NULL, &mapped);
    const json_t *head = mapped.mapping.drafts[0].json;
    const json_t *alert = json_object_get(head, "alert");
    const json_t *french = json_object_get(json_object_get(alert, "texts"),
                                           "fr-FR");
    assert_string_equal(
        json_string_value(json_object_get(french, "instruction")),
        "Restez chez vous.");
    assert_string_equal(json_string_value(json_object_get(french, "event")),
                        "Pluie");
    assert_string_equal(json_string_value(json_object_get(alert, "event_en")),
                        "Rainstorm");
    mapped_finish(&mapped);
}

static void what_is_not_used_is_told(void **state)
{
    static const struct {
        const char *file, *note;
    } rows[] = {
        {"valid_oasis_signed.xml", "signature is not verified"},
        {"valid_oasis_polygon_and_circle.xml", "polygons are not used: 1"},
        {"valid_oasis_polygon_and_circle.xml", "circles are not used: 1"},
        {"valid_oasis_resource.xml", "resources are not used: 1"},
        {"valid_oasis_resource.xml", "parameters are not used: 1"},
        {"valid_oasis_foreign_geocodes.xml", "FIPS6"},
        {"valid_oasis_foreign_elements.xml", "<more> in <alert>"},
        {"valid_oasis_unknown_severity.xml", "«Catastrophic» counts as"},
        {"valid_oasis_long_texts.xml", "description: 3000 characters"},
        {"valid_oasis_times.xml", "onset is not used"},
        {"valid_oasis_1_2.xml", "without expires"},
        {"valid_oasis_web_not_http.xml", "contact: no number"},
        {"valid_oasis_update_bad_references.xml", "names no message"},
        {"valid_oasis_two_infos_one_area.xml", "only the gravest"},
        {"valid_oasis_all_clear_update.xml", "it ends what it names"},
        {"valid_oasis_all_clear_of_one_area.xml", "no alert goes to its areas"},
        {"valid_china_bad_codes.xml", "«41x» is no national area code"},
        {"valid_china_utf_8_as_gb2312.xml", "declared is «GB2312»"},
        {"valid_china_gb18030_as_utf_8.xml", "read as GB 18030"},
        {"valid_china_gbk_user_defined.xml", "no font has them"},
        {"valid_china_without_namespace.xml", "no namespace"},
        {"valid_china_severity_roman.xml", "in other words «Ⅰ级»"},
        {"valid_china_severity_from_headline.xml", "from the headline"},
        {"valid_oasis_code_of_unknown_name.xml", "«预警区域编码»"},
        {"valid_oasis_polygon_lon_lat.xml", "polygon: not as the standard"},
        {"valid_oasis_resource_size_84k.xml", "size: not as the standard"},
        {"valid_oasis_without_category.xml", "category: missing"},
        {"valid_oasis_instruction_twice.xml", "the texts are joined"},
        {"valid_oasis_inline_markup.xml", "instruction: escaped HTML"},
        {"valid_oasis_hard_wrapped.xml", "description: lines broken"},
        {"valid_oasis_officer_account.xml", "of a person or of an account"},
        {"valid_oasis_expires_words.xml", "no time «明天傍晚»"},
        {"valid_oasis_contact_none.xml", "contact: no number"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mapped mapped;
        map(rows[i].file, NULL, &mapped);
        if (!has_note(&mapped, rows[i].note))
            fail_msg("%s: no note «%s»", rows[i].file, rows[i].note);
        mapped_finish(&mapped);
    }
}

static void a_scope_follows_from_each_length_of_code(void **state)
{
    static const struct {
        const char *code, *scope;
    } rows[] = {
        {"41", "area-41"},
        {"4101", "area-4101"},
        {"410103", "area-410103"},
        {"410100", "area-4101"},
        {"410000", "area-41"},
        {"410103001", "area-410103001"},
        {"410103001000", "area-410103001"},
        {"410103001001", "area-410103001001"},
        {"41010300100199", "area-410103001001"},
        {"41010300000000", "area-410103"},
        /* Chongqing, whose code ends with a zero. */
        {"500000", "area-50"},
        {"500100000000", "area-5001"},
        {"500235", "area-500235"},
        /* Of which province, district or nation? */
        {"006109", NULL},
        {"000000", NULL},
        {"100000", NULL},
        {"160100", NULL},
        {"910000", NULL},
        {"41010", NULL},
        {"4101030", NULL},
        {"", NULL},
        {"41010a", NULL},
    };
    char scope[SCOPE_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *code = rows[i].code;
        bool found = cap_scope_of_code(code, strlen(code), scope);
        assert_int_equal(found, rows[i].scope != NULL);
        if (found)
            assert_string_equal(scope, rows[i].scope);
    }
}

static void ids_are_valid_and_never_meet(void **state)
{
    static const char *const identifiers[] = {
        "a",
        "A",
        "a-",
        "-a",
        "a.b",
        "a:b",
        "a_b",
        "urn:oid:1",
        "URN:OID:1",
        "暴雨",
        "%%%",
        "41010341600000_20210720182000",
        "a-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789",
        "a-0123456789-0123456789-0123456789-0123456789-0123456789-012345678x",
    };
    enum { COUNT = sizeof identifiers / sizeof identifiers[0] };
    static const char *const senders[] = {"one", "two"};
    char ids[2 * COUNT][CAP_ID_BYTES];

    (void)state;
    for (size_t i = 0; i < 2 * COUNT; i++) {
        cap_chain_id(CAP_DIALECT_1_2, senders[i % 2], identifiers[i / 2],
                     ids[i]);
        assert_true(identifier_is_valid(ids[i]));
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(ids[i], ids[k]);
    }
}

/* Update 2 names update 1 alone, which was sent under the root's id. */
static bool find_root(void *context, const char *sender, const char *identifier,
                      char out[CAP_ID_BYTES])
{
    (void)context;
    if (strcmp(sender, "qx@erqi.example.org") != 0 ||
        strcmp(identifier, "HN-2021-0720-001") != 0)
        return false;
    snprintf(out, CAP_ID_BYTES, "root");
    return true;
}

static void a_chain_keeps_the_id_under_which_it_was_sent(void **state)
{
    struct cap_history history = {.find = find_root};
    struct mapped mapped;

    (void)state;
    map("valid_oasis_update.xml", &history, &mapped);
    assert_string_equal(mapped.mapping.ids[0], "root");
    mapped_finish(&mapped);
    map("valid_oasis_cancel_without_info.xml", &history, &mapped);
    assert_string_equal(mapped.mapping.drafts[0].id, "root");
    mapped_finish(&mapped);
    map("valid_oasis_cancel_foreign.xml", &history, &mapped);
    assert_string_not_equal(mapped.mapping.drafts[0].id, "root");
    mapped_finish(&mapped);
}

/* A screen that never heard the first message still ties the later ones
 * together: both name what the other is called. */
static void an_update_names_its_own_identifier_too(void **state)
{
    struct mapped update;
    char own[CAP_ID_BYTES];

    (void)state;
    map("valid_oasis_update.xml", NULL, &update);
    cap_chain_id(CAP_DIALECT_1_2, "qx@erqi.example.org", "HN-2021-0720-002",
                 own);
    const json_t *references = json_object_get(
        json_object_get(update.mapping.drafts[0].json, "alert"), "references");
    assert_int_equal(json_array_size(references), 1);
    assert_string_equal(json_string_value(json_array_get(references, 0)), own);
    mapped_finish(&update);
}

static void a_contact_is_a_label_and_a_number(void **state)
{
    struct mapped mapped;

    (void)state;
    map("valid_oasis_web_contact.xml", NULL, &mapped);
    const json_t *contact = json_array_get(
        json_object_get(json_object_get(mapped.mapping.drafts[0].json, "alert"),
                        "contacts"),
        0);
    assert_string_equal(json_string_value(json_object_get(contact, "label")),
                        "防汛值班");
    assert_string_equal(json_string_value(json_object_get(contact, "number")),
                        "0371-68186000");
    mapped_finish(&mapped);
}

/* A wrong number on a screen is worse than none. */
static void a_number_is_taken_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *text, *number;
    } rows[] = {
        {"2021年值班电话 0371-63970123", "0371-63970123"},
        {"2021-07-20 0371-63970123", "0371-63970123"},
        {"(0371)63970123", "0371-63970123"},
        {"（0371）6397 0123", "0371-6397 0123"},
        {"电话：０３７１－６３９７０１２３", "0371-63970123"},
        {"0371—63970123", "0371-63970123"},
        {"0371 63970123 转 801", "0371 63970123"},
        {"0371-63970123-801", "0371-63970123-801"},
        {"010-12345678/87654321", "010-12345678"},
        {"63970123", "63970123"},
        {"400-600-1234", "400-600-1234"},
        {"4006001234", "4006001234"},
        {"138 0371 1234", "138 0371 1234"},
        {"值班员李明13803711234", "13803711234"},
        {"+86 371 63970123", "+86 371 63970123"},
        {"0086-371-63970123", "0086-371-63970123"},
        {"拨打12345热线", "12345"},
        {"12379", "12379"},
        {"火警119、急救120", "119"},
        {"积水110毫米，请拨打119", "119"},
        {"95598国家电网", "95598"},
        {"(301) 713-0622", "301-713-0622"},
        {"2021年7月20日18时", NULL},
        {"20210720", NULL},
        {"2021-2022", NULL},
        {"2021.07.20", NULL},
        {"450000 郑州市", NULL},
        {"41010341600000", NULL},
        {"0371)6", NULL},
        {"0371-6397", NULL},
        {"G310 国道", NULL},
        {"12345人", NULL},
        {"3.1415926", NULL},
        {"duty@example.org", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *contacts = cap_contact_find(rows[i].text);
        const char *number = json_string_value(
            json_object_get(json_array_get(contacts, 0), "number"));
        if (!rows[i].number ? number != NULL
                            : !number || strcmp(number, rows[i].number) != 0)
            fail_msg("«%s»: %s", rows[i].text, number ? number : "none");
        json_decref(contacts);
    }
}

/* What cap check prints stands in the manual, each row of it. */
static void the_manual_holds_every_tolerance(void **state)
{
    size_t size;
    char *manual = source_read("docs/cap.md", &size);

    (void)state;
    for (size_t i = 0; i < CAP_FORGIVEN_COUNT; i++) {
        char row[400];
        snprintf(row, sizeof row, "| %s | %s |", cap_tolerances[i].odd,
                 cap_tolerances[i].taken);
        if (!strstr(manual, row))
            fail_msg("docs/cap.md has no «%s»", row);
    }
    free(manual);
}

static void a_text_too_long_ends_behind_a_sentence(void **state)
{
    static const struct {
        const char *text, *tidy;
        size_t most, cut;
    } rows[] = {
        {"一二三四", "一二三四", 4, 0},
        {"一二三四五", "一二三…", 4, 5},
        {"一二三。五六七八", "一二三。…", 7, 8},
        {"一。三四五六七八", "一。三四五六…", 7, 8},
        {" a\t b\n", "a b", 9, 0},
        {"", "", 9, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t cut = 99;
        char *tidy = cap_tidy_line(rows[i].text, rows[i].most, &cut);
        assert_non_null(tidy);
        assert_string_equal(tidy, rows[i].tidy);
        assert_int_equal(cut, rows[i].cut);
        free(tidy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_becomes_what_the_table_says),
        cmocka_unit_test(a_third_language_stands_among_the_texts),
        cmocka_unit_test(what_is_not_used_is_told),
        cmocka_unit_test(a_scope_follows_from_each_length_of_code),
        cmocka_unit_test(ids_are_valid_and_never_meet),
        cmocka_unit_test(a_chain_keeps_the_id_under_which_it_was_sent),
        cmocka_unit_test(an_update_names_its_own_identifier_too),
        cmocka_unit_test(a_contact_is_a_label_and_a_number),
        cmocka_unit_test(a_number_is_taken_whole_or_not_at_all),
        cmocka_unit_test(the_manual_holds_every_tolerance),
        cmocka_unit_test(a_text_too_long_ends_behind_a_sentence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
