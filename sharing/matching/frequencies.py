"""How common a name is among the people of a nation."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from sharing.matching.names import frequency_key

# People's worth of belief in the shipped shares: counts of a nation much larger than this speak for themselves.
_BELIEF = 2_000
# The share of a name that stands in no table, on the careful side.
_RARE_FIRST, _RARE_LAST = 8e-4, 2e-4
# No count makes a name rarer than this: people of one rare name are kin, or from one place.
_RAREST = 5e-6

# Shares of people in thousandths of a per cent (1 in 100,000), after the U.S. census and birth records.
_FIRSTS = """
james 1500 john 1450 robert 1400 michael 1350 william 1100 david 1100 mary 1150 richard 750 joseph 750 thomas 720
charles 620 christopher 640 daniel 600 matthew 500 jennifer 600 patricia 560 linda 540 elizabeth 560 barbara 520
susan 420 anthony 450 mark 430 donald 400 steven 410 paul 410 andrew 410 jessica 400 sarah 400 karen 370 nancy 330
lisa 350 margaret 330 betty 330 sandra 300 ashley 330 kimberly 330 emily 310 donna 290 michelle 310 dorothy 280
carol 280 amanda 300 melissa 290 deborah 270 stephanie 270 rebecca 270 sharon 250 laura 260 cynthia 250 joshua 380
kenneth 370 kevin 360 brian 350 george 360 edward 340 ronald 320 timothy 320 jason 330 jeffrey 300 ryan 300 jacob 280
gary 270 nicholas 280 eric 260 jonathan 250 stephen 250 larry 240 justin 240 scott 230 brandon 230 benjamin 240
samuel 230 gregory 220 frank 220 alexander 240 raymond 210 patrick 210 jack 190 dennis 180 jerry 170 tyler 180
aaron 180 jose 180 adam 170 henry 170 nathan 170 douglas 160 zachary 160 peter 160 kyle 140 walter 150 ethan 140
jeremy 140 harold 140 keith 130 christian 130 roger 130 noah 130 gerald 120 carl 120 terry 120 sean 120 austin 120
arthur 120 lawrence 110 jesse 110 dylan 110 bryan 110 joe 110 jordan 130 billy 110 bruce 100 albert 100 kathleen 240
amy 240 angela 240 shirley 230 anna 230 brenda 220 pamela 220 emma 220 nicole 220 helen 220 samantha 210 katherine 210
christine 210 debra 200 rachel 200 carolyn 190 janet 190 catherine 190 maria 190 heather 190 diane 180 ruth 180
julie 180 olivia 180 joyce 170 virginia 170 victoria 170 kelly 170 lauren 160 christina 160 joan 160 evelyn 160
judith 150 megan 150 andrea 150 cheryl 150 hannah 150 jacqueline 140 martha 140 gloria 130 teresa 130 ann 130 sara 130
madison 120 frances 120 kathryn 120 janice 120 jean 120 abigail 120 alice 120 julia 120 judy 110 sophia 120 grace 110
denise 110 amber 110 mohammed 60 luis 100 juan 100 carlos 90 bill 60 bob 60 mike 90 tom 50 jim 60 joe 110 dave 40
chris 90 kate 30 katie 40
"""
_LASTS = """
smith 830 johnson 650 williams 550 brown 490 jones 480 garcia 400 miller 390 davis 380 rodriguez 370 martinez 360
hernandez 350 lopez 300 gonzalez 290 wilson 270 anderson 270 thomas 260 taylor 260 moore 250 jackson 240 martin 240
lee 240 perez 230 thompson 225 white 224 harris 212 sanchez 208 clark 191 ramirez 189 lewis 180 robinson 179
walker 177 young 164 allen 163 king 158 wright 156 scott 149 torres 148 nguyen 148 hill 147 flores 147 green 146
adams 145 nelson 144 baker 142 hall 138 rivera 133 campbell 131 mitchell 130 carter 128 roberts 128 gomez 124
phillips 122 evans 121 turner 119 diaz 117 parker 114 cruz 113 edwards 112 collins 111 reyes 110 stewart 108
morris 107 morales 106 murphy 104 cook 102 rogers 101 gutierrez 98 ortiz 97 morgan 96 cooper 95 peterson 94 bailey 93
reed 93 kelly 92 howard 91 ramos 90 kim 89 cox 89 ward 88 richardson 88 watson 85 brooks 85 chavez 84 wood 84 james 83
bennett 83 gray 82 mendoza 81 ruiz 80 hughes 80 price 79 alvarez 78 castillo 77 sanders 77 patel 77 myers 76 long 76
ross 75 foster 75 jimenez 74 powell 73 jenkins 73 perry 72 russell 72 sullivan 71 bell 71 coleman 70 butler 70
henderson 69 barnes 69 gonzales 68 fisher 68 vasquez 67 simmons 67 romero 66 jordan 66 patterson 65 alexander 65
hamilton 64 graham 64 reynolds 63 griffin 63 wallace 62 moreno 62 west 61 cole 61 hayes 60 bryant 60 herrera 60
gibson 59 ellis 59 tran 58 medina 58 aguilar 57 stevens 57 murray 56 ford 56 castro 56
"""
_UNIT = 100_000


def _shares(table: str) -> Mapping[str, float]:
    words = table.split()
    return MappingProxyType({name: int(count) / _UNIT for name, count in zip(words[::2], words[1::2], strict=True)})


FIRST_SHARES = _shares(_FIRSTS)
LAST_SHARES = _shares(_LASTS)
_NO_COUNTS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How common names are, and among how many people.

    Attributes:
        firsts, lasts: people by ``names.frequency_key`` of their name, as far as they were counted; names borne by one
            person alone may be left out.
        counted: people that were counted; 0 where nobody was, and the shipped shares have to do.
        people: people of the receiving nation, which the counted ones may be a sample of; 0 where it is not known.
    """

    firsts: Mapping[str, int] = field(default_factory=lambda: _NO_COUNTS)
    lasts: Mapping[str, int] = field(default_factory=lambda: _NO_COUNTS)
    counted: int = 0
    people: int = 0

    @classmethod
    def of(
        cls, firsts: Iterable[tuple[str, int]], lasts: Iterable[tuple[str, int]], *, counted: int, people: int = 0
    ) -> Self:
        """From names as they are stored, each with how many bear it; spellings of one key are added up.

        Args:
            firsts: first names with their counts.
            lasts: last names with their counts.
            counted: how many people the counts were taken of.
            people: how many people the nation has; as many as were counted where it is not given.
        """
        return cls(_summed(firsts), _summed(lasts), counted, people or counted)

    def first(self, name: str) -> float:
        """The share of people who bear a first name, given as its frequency key."""
        return self._share(self.firsts.get(name, 0), FIRST_SHARES.get(name, _RARE_FIRST))

    def last(self, name: str) -> float:
        """The share of people who bear a last name, given as its frequency key."""
        return self._share(self.lasts.get(name, 0), LAST_SHARES.get(name, _RARE_LAST))

    def _share(self, count: int, believed: float) -> float:
        others = max(count - 1, 0)
        return max((others + _BELIEF * believed) / (self.counted + _BELIEF), _RAREST)


def _summed(names: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for name, count in names:
        if key := frequency_key(name):
            counts[key] += count
    return MappingProxyType(counts)
