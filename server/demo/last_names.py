"""Last names by origin, the most frequent first; those of several words are joined by underscores here."""

from collections.abc import Mapping

_NAMES = {
    "general": """
        Smith Johnson Williams Brown Jones Davis Miller Wilson Anderson Thomas Taylor Moore Jackson Martin Lee
        Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson
        Baker Hall Campbell Mitchell Carter Roberts Phillips Evans Turner Parker Collins Edwards Stewart Morris
        Murphy Cook Rogers Morgan Peterson Cooper Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson
        Brooks Bennett Gray James Hughes Price Myers Long Foster Sanders Ross Powell Sullivan Russell Jenkins Perry
        Butler Barnes Fisher Henderson Coleman Simmons Patterson Jordan Reynolds Hamilton Graham Wallace Woods Cole
        West Owens Harrison Gibson McDonald Marshall Wells Stevens Simpson Tucker Porter Hunter Hicks Crawford Henry
        Boyd Mason Kennedy Warren Dixon Burns Gordon Shaw Holmes Rice Robertson Hunt Black Daniels Palmer Mills
        Nichols Grant Knight Ferguson Stone Hawkins Dunn Perkins Hudson Spencer Gardner Stephens Payne Pierce Berry
        Matthews Arnold Wagner Willis Ray Watkins Olson Carroll Duncan Snyder Hart Cunningham Bradley Lane Andrews
        Harper Fox Riley Armstrong Carpenter Weaver Greene Lawrence Elliott Sims Austin Peters Kelley Franklin
        Lawson O'Brien O'Connor O'Neill O'Sullivan Fitzgerald Gallagher McCarthy McLaughlin MacDonald Doyle Byrne
        Schmidt Schneider Fischer Weber Meyer Becker Hoffman Schroeder Zimmerman Krüger Müller Rossi Russo Ferrari
        Esposito Romano Colombo DeLuca D'Angelo Moretti Larsen Hansen Jensen Nilsson Lindqvist Johansson Bergström
        Dubois Lefebvre Moreau Fontaine Beaulieu LeBlanc Cohen Levy Goldberg Katz Rosenberg Friedman Shapiro Epstein
        van_der_Berg van_Dyke de_Vries Papadopoulos Washington Jefferson Banks Booker Gaines Mosley Whitfield Begay
        Yazzie Tsosie Kealoha Kahananui
    """,
    "hispanic": """
        García Rodríguez Martínez Hernández López González Pérez Sánchez Ramírez Torres Flores Rivera Gómez Díaz
        Reyes Morales Cruz Ortiz Gutiérrez Chávez Ramos Ruiz Álvarez Mendoza Vásquez Castillo Jiménez Moreno Romero
        Herrera Medina Aguilar Vargas Guzmán Castro Fernández Muñoz Soto Salazar Delgado Contreras Ríos Santiago
        Vega Domínguez Rojas Núñez Peña Cabrera Campos Espinoza Ayala De_La_Cruz De_León Del_Toro Santos Silva
        Pereira Oliveira Figueroa
    """,
    "east_asian": """
        Nguyen Kim Lee Chen Wang Tran Li Park Wong Lin Liu Yang Zhang Le Huang Choi Pham Chan Wu Ng Cheng Yu Hoang
        Zhao Xu Vu Ho Chang Jung Kang Huynh Vo Dang Bui Do Ngo Lam Cho Song Tanaka Suzuki Sato Yamamoto Nakamura
        Watanabe Kobayashi Ito Santos Reyes Bautista Dela_Cruz
    """,
    "south_asian": """
        Patel Singh Shah Kumar Sharma Gupta Khan Reddy Rao Desai Mehta Joshi Iyer Nair Agarwal Verma Mishra
        Chowdhury Banerjee Mukherjee Das Bose Kaur Gill Ahmed Malik Hussain Rahman Krishnan Subramanian Venkataraman
        Perera
    """,
    "arabic": """
        Khan Ali Ahmed Hassan Mohamed Hussein Ibrahim Abdullah Rahman Saleh Mansour Haddad Khoury Nasser Aziz Hamdan
        Najjar Farah Said Amin Karimi Hosseini Tehrani Ahmadi El-Sayed Al-Rashid Abu_Bakr
    """,
    "african": """
        Okafor Okonkwo Adeyemi Adebayo Eze Nwosu Obi Mensah Owusu Boateng Asante Osei Kamau Mwangi Otieno Ochieng
        Dlamini Nkosi Ndlovu Diallo Traoré Keita Touré Bah Abdi Mohamed Hassan Tesfaye Bekele Haile
    """,
    "slavic": """
        Ivanov Petrov Smirnov Volkov Kuznetsov Popov Sokolov Kowalski Nowak Wiśniewski Wójcik Kamiński Lewandowski
        Zieliński Novák Svoboda Horvat Kovačević Petrović Jovanović Nikolić Shevchenko Bondarenko Kovalenko
        Tkachenko Melnyk
    """,
}

LAST: Mapping[str, tuple[str, ...]] = {
    origin: tuple(name.replace("_", " ") for name in names.split()) for origin, names in _NAMES.items()
}
