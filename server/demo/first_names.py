"""First names by origin and sex, the most frequent first; and the short forms under which people go."""

from collections.abc import Mapping

ORIGINS = ("general", "hispanic", "east_asian", "south_asian", "arabic", "african", "slavic")

_FEMALE = {
    "general": """
        Mary Jennifer Patricia Linda Elizabeth Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Margaret
        Ashley Kimberly Emily Donna Michelle Carol Amanda Melissa Deborah Stephanie Rebecca Sharon Laura Cynthia
        Dorothy Amy Kathleen Angela Shirley Emma Brenda Pamela Nicole Anna Samantha Katherine Christine Debra Rachel
        Carolyn Janet Catherine Maria Heather Diane Ruth Julie Olivia Joyce Virginia Victoria Kelly Lauren Christina
        Joan Evelyn Judith Megan Andrea Cheryl Hannah Jacqueline Martha Gloria Teresa Ann Sara Madison Frances
        Kathryn Janice Jean Abigail Alice Julia Judy Sophia Grace Denise Amber Doris Marilyn Danielle Beverly
        Isabella Theresa Diana Natalie Brittany Charlotte Marie Kayla Alexis Lori Tiffany Tamika Keisha Latoya Ebony
        Imani Jasmine Aaliyah Shanice Monique Yolanda Eleanor Esther Miriam Naomi Leah Hazel Ivy Violet Clara
        Josephine Rosemary Bernadette Colleen Maureen Siobhan Bridget Astrid Ingrid Greta Heidi Giulia Francesca
        Chiara Simone Genevieve Zoë Chloë Renée Noelle Margot Wilhelmina Annika
    """,
    "hispanic": """
        María Guadalupe Ana Rosa Carmen Juana Margarita Leticia Verónica Elena Silvia Gabriela Alejandra Patricia
        Martha Claudia Sofía Valentina Camila Lucía Daniela Mariana Ximena Isabel Teresa Yolanda Esperanza Dolores
        Consuelo Beatriz Luz Pilar Rocío Inés Catalina Fernanda Paola Marisol Graciela Alicia
    """,
    "east_asian": """
        Mei Li Ying Xiu Fang Hui Min Jing Yan Lan Hua Ling Yu Thuy Linh Huong Mai Hoa Phuong Ngoc Anh Trang Thu
        Ji-woo Seo-yeon Min-seo Soo-jin Eun-ji Hye-jin Yuki Sakura Aiko Keiko Naoko Yoko Grace Jessica Michelle Amy
        Cindy Vivian
    """,
    "south_asian": """
        Priya Anjali Pooja Neha Sunita Lakshmi Deepa Kavita Anita Meera Divya Shreya Nisha Aditi Radha Sita Rani
        Geeta Usha Rekha Swati Jyoti Asha Kiran Padma Ananya Fatima Ayesha Zainab Nadia
    """,
    "arabic": """
        Fatima Aisha Mariam Zainab Layla Noor Yasmin Amira Huda Salma Rania Dina Leila Samira Nadia Hana Farah Lina
        Maryam Khadija Soraya Shirin Parisa Nasrin Zahra
    """,
    "african": """
        Amina Ngozi Chioma Adaeze Ifeoma Folake Abena Ama Akosua Wanjiru Njeri Achieng Thandiwe Nomvula Zanele Hawa
        Mariama Fatoumata Aminata Selam Tigist Hiwot Asha Halima Grace
    """,
    "slavic": """
        Olga Natalia Svetlana Irina Tatiana Elena Anna Ekaterina Ludmila Oksana Yulia Katarzyna Agnieszka Małgorzata
        Ewa Barbara Jana Lenka Petra Ivana Milica Dragana Jelena Ana Zofia
    """,
}

_MALE = {
    "general": """
        James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony
        Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Ryan
        Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Brandon Benjamin Samuel Gregory Alexander Frank
        Patrick Raymond Jack Dennis Jerry Tyler Aaron Jose Adam Nathan Henry Douglas Zachary Peter Kyle Ethan Walter
        Noah Jeremy Christian Keith Roger Terry Austin Sean Gerald Carl Harold Dylan Arthur Lawrence Jordan Jesse
        Bryan Billy Bruce Gabriel Joe Logan Alan Juan Albert Willie Elijah Wayne Randy Vincent Mason Roy Ralph Bobby
        Russell Bradley Philip Eugene DeShawn Jamal Malik Tyrone Darnell Terrence Marcus Andre Xavier Isaiah Caleb
        Theodore Leo Oscar Felix Hugo Silas Ezra Abraham Moses Saul Liam Declan Brendan Seamus Colin Angus Duncan
        Giovanni Luca Marco Pierre Étienne Klaus Jürgen Lars Sven Björn Søren
    """,
    "hispanic": """
        José Juan Luis Carlos Jesús Miguel Francisco Jorge Antonio Alejandro Manuel Pedro Ricardo Fernando Roberto
        Javier Daniel Raúl Eduardo Sergio Rafael Arturo Enrique Ramón Óscar Andrés Diego Héctor Mario Víctor Ángel
        Santiago Mateo Sebastián Emilio Ignacio Gilberto Salvador Rubén Joaquín
    """,
    "east_asian": """
        Wei Jun Ming Hao Lei Jian Feng Bo Tao Yang Chen Long Minh Hung Dung Tuan Anh Duc Quang Hai Nam Min-jun
        Seo-jun Ji-ho Hyun-woo Dong-hyun Kenji Hiroshi Takeshi Haruto Daiki Akira David Kevin Eric Jason Andrew
        Vincent Raymond Henry
    """,
    "south_asian": """
        Raj Amit Sanjay Rahul Vijay Anil Sunil Ravi Suresh Ramesh Arjun Rohan Vikram Ashok Deepak Manoj Nikhil
        Karthik Arun Krishna Harpreet Gurpreet Imran Ali Hassan Mohammad Bilal Tariq Kiran Aditya
    """,
    "arabic": """
        Mohammed Ahmed Ali Omar Hassan Hussein Khalid Youssef Ibrahim Mahmoud Mustafa Karim Tariq Samir Bilal Hamza
        Zaid Rami Nasser Faisal Reza Dariush Mehdi Amir Kamal
    """,
    "african": """
        Emeka Chinedu Oluwaseun Tunde Babatunde Kwame Kofi Kwabena Yaw Kamau Mwangi Otieno Sipho Thabo Mandla
        Mamadou Ousmane Ibrahima Abdi Mohamed Dawit Yonas Tesfaye Daniel Samuel
    """,
    "slavic": """
        Alexander Dmitri Sergei Andrei Alexei Ivan Mikhail Nikolai Vladimir Igor Oleg Yuri Bogdan Piotr Krzysztof
        Andrzej Tomasz Paweł Jan Jakub Petr Marek Milan Goran Zoran
    """,
}

FEMALE: Mapping[str, tuple[str, ...]] = {origin: tuple(names.split()) for origin, names in _FEMALE.items()}
MALE: Mapping[str, tuple[str, ...]] = {origin: tuple(names.split()) for origin, names in _MALE.items()}

_SHORT = """
    Abigail Abby Gail|Abraham Abe|Albert Al Bert|Alexander Alex Al Sasha|Amanda Mandy
    Andrew Andy Drew|Angela Angie|Anthony Tony|Antonio Tony|Arthur Art|Barbara Barb|Benjamin Ben Benny
    Bernadette Bernie|Beverly Bev|Bradley Brad|Brittany Britt|Carolyn Carrie|Catherine Cathy Kate Cat
    Charles Charlie Chuck|Charlotte Charlie Lottie|Christina Chris Tina|Christine Chris Chrissy
    Christopher Chris Topher|Cynthia Cindy|Daniel Dan Danny|Danielle Dani|David Dave Davy|Deborah Debbie Deb
    Debra Debbie|Dennis Denny|Diana Di|Dmitri Dima|Donald Don Donnie|Dorothy Dot Dottie|Douglas Doug|Eduardo Eddie
    Edward Ed Eddie Ted|Eleanor Ellie Nora|Elizabeth Liz Beth Betsy Eliza Lizzie|Emily Em|Esperanza Hope|Eugene Gene
    Evelyn Evie|Frances Fran Frankie|Francisco Frank Paco|Gabriel Gabe|Gabriela Gaby|Gerald Jerry|Gloria Glo
    Gregory Greg|Guadalupe Lupe|Harold Harry Hal|Henry Hank Harry|Isabel Isa Izzy|Isabella Bella Izzy|Ignacio Nacho
    Jacob Jake|Jacqueline Jackie|James Jim Jimmy Jamie|Janet Jan|Jeffrey Jeff|Jennifer Jen Jenny|Jeremy Jerry
    Jessica Jess Jessie|Jesús Chuy|Jonathan Jon|José Joe Pepe|Joseph Joe Joey|Joshua Josh|Josephine Jo Josie
    Judith Judy|Julia Julie|Katherine Kathy Kate Katie|Kathleen Kathy Kate|Kathryn Kathy Kate|Kenneth Ken Kenny
    Kimberly Kim|Krzysztof Chris|Lawrence Larry|Madison Maddie|Manuel Manny|Margaret Maggie Peggy Meg Marge
    Margarita Rita|Martha Marty|Mary Molly Polly|Matthew Matt|Megan Meg|Melissa Missy Mel|Michael Mike Mickey
    Michelle Shelly|Miguel Mike|Mikhail Misha Mike|Mohammed Mo|Mohammad Mo|Nancy Nan|Natalie Nat|Nathan Nate
    Nicholas Nick|Nicole Nikki|Nikolai Kolya Nick|Olivia Liv|Pamela Pam|Patricia Pat Patty Trish|Patrick Pat
    Peter Pete|Philip Phil|Rachel Rae|Raymond Ray|Rebecca Becky Becca|Ricardo Rick Ricky|Richard Rich Rick Dick
    Robert Bob Rob Bobby|Roberto Bob|Ronald Ron|Rosemary Rosie|Russell Russ|Samantha Sam|Samuel Sam Sammy|Sandra Sandy
    Santiago Santi|Sarah Sally Sadie|Stephanie Steph|Stephen Steve|Steven Steve|Susan Sue Suzy|Tatiana Tanya
    Teresa Terry Tess|Terrence Terry|Theodore Ted Teddy|Theresa Terry|Thomas Tom Tommy|Tiffany Tiff|Timothy Tim
    Valentina Val|Verónica Ronnie|Victoria Vicky Tori|Vincent Vince|Virginia Ginny|Vladimir Vlad Vova
    Walter Walt Wally|Wilhelmina Mina|William Bill Will Billy Liam|Zachary Zach|Babatunde Tunde|Oluwaseun Seun
    Ekaterina Katya Kate|Małgorzata Gosia Margaret|Katarzyna Kasia|Krishna Kris
"""

NICKNAMES: Mapping[str, tuple[str, ...]] = {
    name: tuple(shorts)
    for name, *shorts in (entry.split() for row in _SHORT.strip().splitlines() for entry in row.split("|"))
}
