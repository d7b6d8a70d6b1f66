"""Cities with their codes, streets, and what people do for a living."""

from typing import NamedTuple


class City(NamedTuple):
    """A city: the first three digits of its ZIP codes, and its area codes."""

    name: str
    state: str
    zip3: str
    area_codes: tuple[str, ...]


def _entries(table: str) -> tuple[str, ...]:
    return tuple(entry.strip() for row in table.strip().splitlines() for entry in row.split("|"))


_CITIES = """
    New York,NY,100,212 646 917|Brooklyn,NY,112,718 347 929|Buffalo,NY,142,716|Albany,NY,122,518|Boston,MA,021,617 857
    Springfield,MA,011,413|Worcester,MA,016,508 774|Hartford,CT,061,860|Providence,RI,029,401|Burlington,VT,054,802
    Portland,ME,041,207|Manchester,NH,031,603|Newark,NJ,071,973 862|Philadelphia,PA,191,215 267|Pittsburgh,PA,152,412
    Baltimore,MD,212,410 443|Washington,DC,200,202|Richmond,VA,232,804|Charlotte,NC,282,704 980|Raleigh,NC,276,919 984
    Charleston,SC,294,843|Atlanta,GA,303,404 678 770|Savannah,GA,314,912|Jacksonville,FL,322,904|Miami,FL,331,305 786
    Orlando,FL,328,407|Birmingham,AL,352,205|Nashville,TN,372,615|Memphis,TN,381,901|Louisville,KY,402,502
    Columbus,OH,432,614|Cleveland,OH,441,216|Cincinnati,OH,452,513|Detroit,MI,482,313|Grand Rapids,MI,495,616
    Indianapolis,IN,462,317|Chicago,IL,606,312 773 872|Springfield,IL,627,217|Milwaukee,WI,532,414|Madison,WI,537,608
    Minneapolis,MN,554,612|Saint Paul,MN,551,651|Des Moines,IA,503,515|St. Louis,MO,631,314|Kansas City,MO,641,816
    Omaha,NE,681,402|Wichita,KS,672,316|Oklahoma City,OK,731,405|Houston,TX,770,713 281 832|Dallas,TX,752,214 972
    Austin,TX,787,512|San Antonio,TX,782,210|El Paso,TX,799,915|New Orleans,LA,701,504|Denver,CO,802,303 720
    Santa Fe,NM,875,505|Phoenix,AZ,850,602 480|Tucson,AZ,857,520|Las Vegas,NV,891,702|Salt Lake City,UT,841,801
    Boise,ID,837,208|Missoula,MT,598,406|Seattle,WA,981,206 425|Spokane,WA,992,509|Portland,OR,972,503 971
    Salem,OR,973,503|San Francisco,CA,941,415 628|Oakland,CA,946,510|San Jose,CA,951,408|Sacramento,CA,958,916
    Fresno,CA,937,559|Los Angeles,CA,900,213 323 310|Long Beach,CA,908,562|San Diego,CA,921,619 858|Honolulu,HI,968,808
    Anchorage,AK,995,907
"""

CITIES: tuple[City, ...] = tuple(
    City(name, state, zip3, tuple(codes.split()))
    for name, state, zip3, codes in (entry.split(",") for entry in _entries(_CITIES))
)

_STREETS = """
    Main Oak Maple Cedar Elm Pine Washington Lake Hill Walnut Spring North Ridge Church Willow Mill Sunset Railroad
    Jackson Highland Johnson Center Franklin Park River Lincoln Meadow Forest Cherry Dogwood Hickory Poplar Lee
    College Jefferson Adams Madison Monroe Chestnut Locust Spruce Sycamore Birch Laurel Magnolia Juniper Valley_View
    Fairview Prospect Grant Martin_Luther_King_Jr Cesar_Chavez Sheridan Broadway Water Front Market Second Third
    Fourth Fifth Sixth Seventh Eighth 9th 10th 12th 14th 21st 42nd Orchard Vine Summit Liberty Union School Court
    Pleasant Garden Canal
"""
STREETS: tuple[str, ...] = tuple(name.replace("_", " ") for name in _STREETS.split())

# Each as an address database writes it, and in full.
STREET_TYPES: tuple[tuple[str, str], ...] = (
    ("St", "Street"),
    ("Ave", "Avenue"),
    ("Rd", "Road"),
    ("Dr", "Drive"),
    ("Ln", "Lane"),
    ("Ct", "Court"),
    ("Blvd", "Boulevard"),
    ("Pl", "Place"),
    ("Way", "Way"),
    ("Ter", "Terrace"),
)

_OCCUPATIONS = """
    Teacher|Nurse|Retired|Attorney|Engineer|Student|Software developer|Manager|Carpenter|Electrician
    Accountant|Driver|Social worker|Physician|Farmer|Chef|Professor|Consultant|Writer|Designer|Librarian
    Mechanic|Sales|Homemaker|Police officer|Firefighter|Pastor|Organizer|Barista|Architect|Pharmacist
    Welder
"""
OCCUPATIONS: tuple[str, ...] = tuple(
    entry.strip() for row in _OCCUPATIONS.strip().splitlines() for entry in row.split("|")
)

_EMPLOYERS = """
    Self-employed|City schools|State university|County hospital|Example Foods|Example Motors|Acme Logistics
    Northside Clinic|Lakeview Bank|Evergreen Construction|Riverside Library|Blue Door Bakery|Union Local 12
    Harbor Shipping|Summit Insurance|Prairie Energy|Cedar Software|Town of Springfield|Fairview Farms
    Red Brick Press
"""
EMPLOYERS: tuple[str, ...] = _entries(_EMPLOYERS)
