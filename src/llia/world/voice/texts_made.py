"""Sentences in the languages that only espeak-ng speaks here."""

from __future__ import annotations

from llia.world.voice.texts_english import split

SENTENCES: dict[str, tuple[str, ...]] = {
    "es": split("""
Sí. | No. | Pues, quizás. | ¡Claro que sí! | ¿De verdad? | Hola, me alegro mucho de verte hoy. | Mañana vamos a
comprar pan y queso en el mercado. | No sé qué decirte, pero me parece una buena idea. | La música suave me ayuda a
pensar mejor. | ¿Dónde pusiste mi paraguas? | El bombero subió por la ventana de la fábrica. | Mi abuela vive cerca
del puente viejo. | ¿Cuánto vale este libro? | ¡Qué sorpresa tan bonita! | El tren sale a las siete y media. | Papá
prepara un buen plato de pescado. | Cincuenta más cincuenta son cien. | Hace mucho viento y las hojas vuelan. | Por
favor, hable un poco más despacio. | Nos vemos el viernes después de comer.
"""),
    "fr": split("""
Oui. | Non. | Bof, peut-être. | Bien sûr ! | Ah bon ? | Bonjour, je suis très heureux de vous voir. | Nous avons
acheté du pain frais ce matin. | Je pense que vous avez raison, bien sûr. | Peux-tu ouvrir la fenêtre, s'il te plaît ?
| Où as-tu mis mon parapluie bleu ? | Le pompier monta par la fenêtre du bureau. | Ma sœur veut un peu de beurre et
deux œufs. | Combien coûte ce livre ? | Quelle bonne surprise ! | Le train part à sept heures et demie. | Une lumière
brûlait au fond de la rue obscure. | Mon beau-frère joue de la flûte. | Il pleut, il vaut mieux prendre le bus. |
Pourriez-vous parler plus lentement ? | Bonne nuit, à demain.
"""),
    "de": split("""
Ja. | Nein. | Hm, vielleicht. | Natürlich! | Wirklich? | Guten Morgen, schön, dass du da bist. | Wir haben gestern
einen langen Spaziergang gemacht. | Könntest du bitte das Fenster öffnen? | Ich glaube, das ist eine wunderbare Idee.
| Wo hast du meinen Regenschirm gelassen? | Fünf bunte Vögel pfiffen früh am Morgen. | Meine Mutter kauft Brot, Butter
und Pfeffer. | Wie viel kostet dieses Buch? | Das ist ja eine schöne Überraschung! | Der Zug fährt um halb acht. |
Über der Brücke hing ein grüner Ballon. | Mein Bruder übt jeden Abend Flöte. | Die Bäume im Hof blühen schöner als je
zuvor. | Bitte sprechen Sie etwas langsamer. | Gute Nacht und bis morgen.
"""),
    "pt": split("""
Sim. | Não. | Bem, talvez. | Claro! | É mesmo? | Bom dia, tudo bem com você? | Vamos comer pão com manteiga e beber
café. | Eu acho que é uma boa ideia. | Onde está o meu guarda-chuva? | O bombeiro subiu pela janela da fábrica. | A
minha avó mora perto da ponte velha. | Quanto custa este livro? | Que bela surpresa! | O comboio parte às sete e meia.
| O meu irmão toca viola muito bem. | Boa noite e até amanhã.
"""),
    "nl": split("""
Ja. | Nee. | Nou, misschien. | Natuurlijk! | Echt waar? | Goedemorgen, wat leuk om je te zien. | We wandelen vandaag
door het oude bos. | Waar heb je mijn paraplu gelaten? | Mijn broer speelt al vijf jaar viool. | Hoeveel kost dit
boek? | Wat een mooie verrassing! | De trein vertrekt om half acht. | Mijn moeder koopt brood, boter en appels. | De
boot vaart onder de brug door. | Praat alsjeblieft wat langzamer. | Goedenacht en tot morgen.
"""),
    "pl": split("""
Tak. | Nie. | No, może. | Oczywiście! | Naprawdę? | Dzień dobry, bardzo miło cię widzieć. | Proszę powiedzieć mi coś
więcej. | Gdzie jest mój parasol? | Mój brat gra na skrzypcach. | Ile kosztuje ta książka? | Co za miła niespodzianka!
| Pociąg odjeżdża o wpół do ósmej. | Mama kupuje chleb, masło i pomidory. | Łódka płynie pod mostem. | Proszę mówić
trochę wolniej. | Dobranoc i do jutra.
"""),
    "sv": split("""
Ja. | Nej. | Tja, kanske. | Naturligtvis! | God morgon, hur mår du idag? | Vi bor i ett stort gult hus. | Var har du
lagt mitt paraply? | Min bror spelar fiol. | Hur mycket kostar boken? | Vilken fin överraskning! | Tåget går halv
åtta. | Mamma köper bröd, smör och päron. | God natt och på återseende.
"""),
    "nb": split("""
Ja. | Nei. | Tja, kanskje. | Selvfølgelig! | God morgen, hvordan har du det? | Vi bor i et stort gult hus. | Hvor er
paraplyen min? | Broren min spiller fiolin. | Hvor mye koster boken? | For en fin overraskelse! | Toget går halv åtte.
| Mamma kjøper brød, smør og pærer. | God natt.
"""),
    "da": split("""
Ja. | Nej. | Tja, måske. | Selvfølgelig! | Godmorgen, hvordan har du det? | Vi bor i et stort gult hus. | Hvor er min
paraply? | Min bror spiller violin. | Hvor meget koster bogen? | Sikke en dejlig overraskelse! | Toget kører halv
otte. | Mor køber brød, smør og pærer. | Godnat.
"""),
    "tr": split("""
Evet. | Hayır. | Belki. | Tabii ki! | Gerçekten mi? | Merhaba, bugün nasılsın? | Bence bu çok güzel bir fikir. |
Şemsiyemi nereye koydun? | Kardeşim çok iyi keman çalar. | Bu kitap ne kadar? | Ne güzel bir sürpriz! | Tren yedi
buçukta kalkıyor. | Annem ekmek, peynir ve domates aldı. | Küçük köpek köprünün üstünde uyuyor. | Biraz daha yavaş
konuşur musunuz? | İyi geceler, yarın görüşürüz.
"""),
    "hu": split("""
Igen. | Nem. | Hát, talán. | Persze! | Jó reggelt, hogy vagy ma? | Hová tetted az esernyőmet? | A bátyám hegedül. |
Mennyibe kerül ez a könyv? | Micsoda kellemes meglepetés! | A vonat fél nyolckor indul. | Anyu kenyeret, vajat és
barackot vett. | A fiú a híd alatt bukkant fel. | Jó éjszakát.
"""),
    "el": split("""
Ναι. | Όχι. | Ίσως. | Φυσικά! | Καλημέρα, τι κάνεις σήμερα; | Πού έβαλες την ομπρέλα μου; | Ο αδελφός μου παίζει
βιολί. | Πόσο κάνει αυτό το βιβλίο; | Τι όμορφη έκπληξη! | Το τρένο φεύγει στις επτά και μισή. | Η μαμά πήρε ψωμί,
βούτυρο και ντομάτες. | Το παιδί παίζει μπάλα. | Καληνύχτα.
"""),
    "ro": split("""
Da. | Nu. | Păi, poate. | Sigur! | Bună dimineața, ce mai faci? | Unde mi-ai pus umbrela? | Fratele meu cântă la
vioară. | Cât costă cartea asta? | Ce surpriză plăcută! | Trenul pleacă la șapte și jumătate. | Mama a cumpărat pâine,
unt și pepene. | Băiatul fuge pe sub pod. | Noapte bună.
"""),
    "uk": split("""
Так. | Ні. | Мабуть. | Звичайно! | Добрий день, як ваші справи? | Де моя парасолька? | Мій брат грає на скрипці. |
Скільки коштує ця книга? | Який приємний сюрприз! | Поїзд вирушає о сьомій тридцять. | Мама купила хліб, масло і
помідори. | Біля мосту пливе білий човен. | На добраніч.
"""),
    "id": split("""
Ya. | Tidak. | Mungkin. | Tentu saja! | Selamat pagi, apa kabar hari ini? | Di mana payung saya? | Adik saya pandai
bermain biola. | Berapa harga buku ini? | Wah, kejutan yang bagus! | Kereta berangkat pukul setengah delapan. | Ibu
membeli roti, mentega dan pepaya. | Perahu itu lewat di bawah jembatan. | Selamat malam.
"""),
}
