#!/bin/bash
# Panels from spreadsheets and from flags: the facts of the district from one
# table, in every encoding that spreadsheets write; bad rows are named and the
# others go on; every kind of panel is a file that screens take and draw.
# Argument 1 is the folder of binaries.
set -u
publish=$1/gaoshi-publish
display=$1/gaoshi-display
sheet=tests/sheets/erqi.csv
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export TZ=Asia/Shanghai HOME=$folder
unset XDG_CONFIG_HOME
failed=0

fail() {
    printf 'FAILED: %s\n' "$@"
    failed=1
}

# says CODE TEXT COMMAND…: it ends so, and says that.
says() {
    local code=$1 text=$2 status=0
    shift 2
    "$publish" "$@" >"$folder/said" 2>&1 || status=$?
    [ "$status" -eq "$code" ] || fail "$* ended with $status, expected $code:" \
        "$(cat "$folder/said")"
    grep -qF -- "$text" "$folder/said" ||
        fail "$* does not say «$text» but:" "$(cat "$folder/said")"
}

# makes FILE: 34 valid panels with all facts.
makes() {
    rm -rf "$folder/out"
    says 0 '34 panels written' panel import "$1" --out "$folder/out"
    [ "$(ls "$folder/out" | wc -l)" -eq 34 ] || fail "$1 gave not 34 files"
    says 0 'e06.json: OK' validate "$folder"/out/*.json
    python3 tests/support/import_check.py tests/facts_erqi.tsv "$folder/out" ||
        fail "$1 does not tell all facts"
    cat "$folder"/out/*.json | sha256sum >"$folder/sum"
    [ -e "$folder/sum.first" ] || cp "$folder/sum" "$folder/sum.first"
    cmp -s "$folder/sum" "$folder/sum.first" || fail "$1 gave other panels"
}

# What Excel saves as «CSV UTF-8»; without the mark; as plain CSV in China; as
# «Unicode text»; with the list separator of Europe, named or not.
makes "$sheet"
tail -c +4 "$sheet" >"$folder/plain.csv"
makes "$folder/plain.csv"
iconv -f utf-8 -t gb18030 "$folder/plain.csv" >"$folder/gb.csv"
makes "$folder/gb.csv"
python3 - "$folder" <<'PYTHON'
import csv, sys
folder = sys.argv[1]
rows = list(csv.reader(open(f"{folder}/plain.csv", encoding="utf-8", newline="")))
with open(f"{folder}/tabs.txt", "w", encoding="utf-16", newline="") as out:
    csv.writer(out, delimiter="\t", lineterminator="\r\n").writerows(rows)
with open(f"{folder}/semicolons.csv", "w", encoding="utf-8", newline="") as out:
    out.write("sep=;\r\n")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
PYTHON
makes "$folder/tabs.txt"
makes "$folder/semicolons.csv"

# Bad rows are named by line and column, the others go on.
cat >"$folder/bad.csv" <<'CSV'
标题,数值,单位,截止,板块
一,"1,234.50",户,2099/12/31,品质
二,12%,,,
三,"12,3",个,,
四,1.2E+09,元,,
五,,个,,
六,#REF!,个,,
七,3-5,个,,
八,7,个,2020年1月1日,
九,7,个,46356,
十,7,个,,红色
一,8,个,,
"十二" x,7,个,,
十三,7,个,,,多
十四,7,一二三四五六七八九十一二三,,
"十五,7,个,,
十六,９８,个,2099年12月31日 18:30:00,
CSV
says 4 '13 of 16 rows are bad and were left out' panel import "$folder/bad.csv" \
    --out "$folder/good"
cp "$folder/said" "$folder/report"
told() {
    grep -qF -- "bad.csv:$1" "$folder/report" || fail "«$1» is not told"
}
told "4:5: 数值: '12,3': expected commas between thousands only"
told "5:5: 数值: '1.2E+09': expected all digits"
told "6:5: 数值: missing"
told "7:5: 数值: '#REF!': expected a number; the spreadsheet"
told "8:5: 数值: '3-5': expected one number"
told "9:11: 截止: '2020年1月1日' is 2020-01-02 00:00+08:00, which has passed"
told "10:11: 截止: '46356', expected a time"
told "11:12: 板块: expected quality (品质)"
told "12: id: 'figure-"
told "13:10: text behind a closing quote"
told "14:16: more fields than there are headings"
told "15:10: 单位: 13 characters, 12 at most"
told "16:1: a quote is opened and not closed"
[ "$failed" -eq 0 ] || cat "$folder/report"
[ "$(ls "$folder/good" | wc -l)" -eq 3 ] || fail "not 3 files of the good rows"
grep -q '"value": 1234.5' "$folder"/good/*.json || fail 'thousands are not read'
grep -q '"value": 98' "$folder"/good/*.json || fail 'wide digits are not read'
grep -q '"unit": "%"' "$folder"/good/*.json || fail 'percent is not read'
grep -q '"expires": "2099-12-31T18:30:00+08:00"' "$folder"/good/*.json ||
    fail 'seconds are not passed over'
says 4 'no row of headings' panel import "$folder/said"
says 4 "heading 'titel' is not known, the nearest is title" panel import - \
    <<<$'titel,value\n' 
says 0 'figure-8e5b1263' panel import - <<<$'title,value,unit\n参保率,76.5,%\n'

# Every kind: valid, and drawn.
new() {
    local name=$1
    shift
    says 0 "$name.json: " panel new --out "$folder/kinds/$name.json" "$@"
}
mkdir "$folder/kinds" "$folder/pictures"
printf '请走东门。\r\n西门关闭。\r\n' >"$folder/text"
iconv -f utf-8 -t gb18030 "$folder/text" >"$folder/text.gb"
new notice --kind notice --title 停水 --text @"$folder/text.gb" --date 2026/11/30 \
    --sender 水务局 --until '明天 12:00' --section 温暖
new figure --kind 数字 --title 参保率 --figure '参保率=超 76.5 % ↑'
new figures --kind figures --title 服务 --figure '事项=1,161 项' --figure 窗口=52个
new comparison --kind comparison --title 总值 --figure '760 亿元' \
    --now-label '2020 年' --baseline-label '2015 年' --ratio '近 2'
new share --kind share --title 支出 --figure 用于民生=70% --whole 财政支出
new years --kind years --title 污染防治 --years 6 --honour 优秀单位
new list --kind list --title 园区 --item 马寨=开发区 --item 二七新区
new chart --kind chart --title 总值 --point 2019=12.3 --point 2020=13 \
    --unit 亿元 --chart 折线
new place --kind place --title 大厅 --address '大学路 1 号' --item 社保
new title --kind title --title 温暖二七 --subtitle 民生为本
new countdown --kind countdown --title 距国庆节 --target 2099-10-01
new qr --kind qr --title 办事 --url https://www.example.cn/ --caption 扫码
new situation --kind situation --title 防汛 --date '2026-11-30 08:00' \
    --figure '转移=9.8 万人' --level Ⅲ --days 周一至周五 --hours 7:10-8:20 \
    --set schedule.weight=2 --from 下周一
says 0 'situation.json: OK' validate "$folder"/kinds/*.json
grep -q '请走东门。\\n西门关闭。"' "$folder/kinds/notice.json" ||
    fail 'the text of the notice is not that of the file'
"$display" render "$folder"/kinds/*.json --out "$folder/pictures/" --data . \
    --size 640x360 >"$folder/said" 2>&1 || fail "$(cat "$folder/said")"
[ "$(find "$folder/pictures" -name '*.png' -size +1k | wc -l)" -ge 13 ] ||
    fail "not a picture of each kind: $(ls "$folder/pictures")"

# What is missing or foreign is named by its flag.
says 2 '--text: missing: the kind notice needs it' panel new --kind notice \
    --title x
says 2 '--point: the kind notice does not have it; it has text, date, sender' \
    panel new --kind notice --title x --text y --point 1=2
says 2 "--kind: 'poem', expected one of: notice, figure" panel new --kind poem
says 2 "--until: 'soon', expected a time" panel new --kind notice --title x \
    --text y --until soon
says 2 "--title: 41 characters, 40 at most" panel new --kind notice --text y \
    --title "$(printf '%041d' 0)"
says 1 'File exists; nothing was written' panel new --kind notice --title x --text y \
    --out "$folder/kinds/notice.json"
exit $failed
