package credential

import (
	"slices"
	"strings"
	"testing"
)

// S5: well-known passwords that the length lets through.
var wellKnown = strings.Fields(`
correcthorsebatterystaple CorrectHorseBatteryStaple correct-horse-battery-staple Correcthorsebatterystaple1! passwordpassword passwordpassword1
qwertyuiopasdfgh qwertyuiopasdfghjkl qwertzuiopasdfgh qwertz123456789 123456789012345 1234567890123456 987654321987654 111111111111111
000000000000000 iloveyouiloveyou iloveyou12345678 abcdefghijklmnop abcdefghijklmno abcdabcdabcdabcd abcd1234abcd1234 abc123abc123abc123
liverpoolliverpool changemechangeme1 changemechangeme letmeinletmein123 welcomewelcome1 adminadminadmin administrator123 Administrator2024!
superman123456789 batmanbatmanbatman trustno1trustno1 princessprincess footballfootball baseballbaseball dragondragondragon monkeymonkeymonkey
sunshinesunshine mustangmustang99 arsenalarsenal123 chelseachelsea123 bayernmuenchen1900 hallohallohallo hallohallo123456 passwortpasswort
passwort12345678 schalke04schalke04 borussiadortmund09 ichliebedich12345 ichliebedichsehr ichliebedichfuerimmer ichliebedich ichliebedichmeinschatz
schatzschatzschatz sommersommer2024 Sommer2024Sommer2024 winter2023winter2023 fruehling2025!!!! geheimgeheimgeheim geheimespasswort meinpasswortistgeheim
werderbremenwerder 1qaz2wsx3edc4rfv 1qazxsw23edcvfr4 qazwsxedcrfvtgb q1w2e3r4t5y6u7i8 q1w2e3r4t5z6u7i8 1q2w3e4r5t6y7u8i asdfghjklqwertyuiop asdfasdfasdfasdf
zxcvbnmasdfghjkl zaq12wsxcde34rfv !QAZ2wsx#EDC4rfv 112233445566778899 aabbccddeeffgghhii aaabbbcccdddeee 123123123123123 123qwe123qwe123qwe qweasdzxcqweasdzxc
P@ssw0rdP@ssw0rd P@ssword12345678 Passw0rd!Passw0rd! maytheforcebewithyou thequickbrownfox winteriscoming123 tobeornottobe12 onceuponatime123
letmeinpleaseletmein thisismypassword thisismypassword1 openthedooropenthedoor youshallnotpass youshallnotpass1 loremipsumdolorsit nevergonnagiveyouup
myvoiceismypassport derfruehevogelfaengtdenwurm ichbineinberliner allesgutezumgeburtstag romeoundjulia123 harrypotterharrypotter starwarsstarwars
manchesterunited manchesterunited1 realmadridrealmadrid pokemonpokemon123 michaeljackson12 123456789987654321 12345678987654321 drowssapdrowssap
blinkblinkblink182 metallicametallica 20240101202401012024 01012000010120000 kundenkontokundenkonto test1234test1234 testtesttesttest1 mailcreated5240`)

func TestWellKnownPasswordsAreRefused(t *testing.T) {
	for _, password := range wellKnown {
		if v := CheckPolicy(password, PolicyContext{}); v == nil || v.Code != "common" && (v.Code != "too_short" || len(password) >= MinLength) {
			t.Errorf("%s: %+v", password, v)
		}
	}
}

func TestSeriesNamesAndSayingsAreRefused(t *testing.T) {
	for _, password := range []string{
		"StarWarsEpisode4", "christopher12345", "changeit12345678", "oesterreich12345", "Österreich-2024!!", "einszweidreivier", "onetwothreefourfive", "montagdienstagmittwoch",
		"januarfebruarmaerz", "supergeheimespasswort", "sehrgeheimespasswort", "passwortvergessen", "meinhundheisstbello", "pokemonpikachu12", "minecraft1234567",
		"counterstrike123", "leagueoflegends1", "mercedesbenz1234", "rotgelbgruenblau",
	} {
		if v := CheckPolicy(password, PolicyContext{}); v == nil {
			t.Errorf("%q passes", password)
		}
	}
}

// Good ones, as people make them who follow the advice: several words that have nothing to do with each other.
var good = []string{
	"pferd heftklammer batterie", "sieben okapis im regenmantel", "gurke47plombeXq", "Ξ ☂ und dreizehn Gabeln", "fünf Bäume über Köln",
	"der Dackel frisst Mittwochs Lakritz", "Zitronenfalter falten keine Zitronen", "Kellertreppe-Saxofon-Nebel", "Radieschen tanzen im Quark",
	"Mein Opa mag Käsekuchen und Jazz", "lila Elefant auf Rollschuhen", "Wolkenbruch am Bodensee 1997", "Pumpernickel&Propellerflugzeug", "Oma Ernas blauer Traktor",
	"Schneckenpost braucht Ewigkeiten", "Regenschirm Tomate Fahrradkette", "Nordlicht über Tromsö gesehen", "dreieckige Waffeln schmecken besser", "Gummistiefel im Konzertsaal",
	"Unser Hund heißt Professor", "Der Mond riecht nach Pfeffer", "Straußenfeder Kompass Zimt", "Bratwurst mit Heidelbeeren", "Kopfkissen-Vulkan-Trompete", "zwölf müde Briefträger",
	"Hausboot in der Wüste parken", "Quietscheente jagt Finanzamt", "am Fenster steht ein Kaktus", "wenn fliegen hinter fliegen fliegen", "Klabautermann bestellt Tee",
	"Leuchtturm strickt Socken", "Frösche hören gern Bach", "Der Bäcker sammelt Landkarten", "Glühwürmchen zahlen bar", "Tante Hilde fährt Gabelstapler", "Kürbissuppe um Mitternacht",
	"purple walrus eats gravel", "seven lazy kettles humming", "my tractor dreams of Paris", "granite pillow saxophone", "the lamp forgot its umbrella", "eleven penguins play chess",
	"cinnamon bicycle thunder", "Waffle-Anchor-Meadow-Tuba", "quiet otters paint fences", "brass teapot on the moon", "velvet cactus marmalade", "please water the fog horn",
	"nobody expects warm ice cream", "stubborn goose reads poems", "copper violin under snow", "twelve spoons and a ferret", "librarian juggling pumpkins", "harbour fog smells of toast",
	"kTq7#vLz9!mRw2$x", "v8Xn-4qRt-b9Lw-2kPz", "xq-zr7-plomb-okra-19", "Rn5tY8wQ2zLp6vKd", "hT4;kw9,Zu7.pL2x", "jonquil rhubarb axle 42", "日本の森でかくれんぼした夏の思い出", "Скрипучий чайник поёт",
	"caffè, tromba e lucertola", "trois hiboux sous la pluie", "пять сонных ежей у реки", "tre gatti e un ombrello", "El búho compró trece sillas", "Bücherregal voller Schrauben",
}

func TestGoodPassphrasesPass(t *testing.T) {
	if len(good) < 60 {
		t.Fatalf("%d are too few to tell", len(good))
	}
	for _, password := range good {
		if v := CheckPolicy(password, PolicyContext{Words: []string{"10000017", "Anna", "Schäfer", "Kundenkonto"}}); v != nil {
			t.Errorf("%s: %s", password, v.Code)
		}
	}
}

// The 3,000 commonest at least; each is found where it stands, and refused by itself.
func TestTheListOfCommonPasswordsIsWhole(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(longText, "\n"), "\n")
	if len(lines) < 3000 || !slices.IsSorted(lines) || len(slices.Compact(slices.Clone(lines))) != len(lines) {
		t.Fatalf("%d lines, sorted %v", len(lines), slices.IsSorted(lines))
	}
	for _, line := range lines {
		if fold(line) != line || !listed(line) {
			t.Errorf("%q is not found", line)
		}
		if v := CheckPolicy(line, PolicyContext{}); v == nil {
			t.Errorf("%q passes", line)
		}
	}
	for _, other := range []string{"", "a", "zzzzzzzzzzzzzzzzzzzzzz", lines[0] + "x", lines[len(lines)-1] + "x", "\xff"} {
		if listed(other) {
			t.Errorf("%q is found", other)
		}
	}
}

func TestCommonPasswordsWithALittleAroundThemAreRefused(t *testing.T) {
	for _, line := range []string{"passwordpassword", "correcthorsebatterystaple", "momsanaladventure", "liverpoolliverpool"} {
		for _, around := range []string{"%1", "%1!", "1%", "%2024", "!%!", "%123", "%.", "%!!!!!!"} {
			password := strings.Replace(around, "%", line, 1)
			if v := CheckPolicy(password, PolicyContext{}); v == nil {
				t.Errorf("%q passes", password)
			}
		}
	}
}
