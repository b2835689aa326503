-- What a dealer of the first release has: six worksheets at work, and a case of a drawing of his own with a daily cycle.
-- Made by that release's own code: commit a5db4fd (2026-11-22), the first whose tables today's migrations start from,
-- `marshrut migrate`, `marshrut demo --weeks 1 --per-day 0.8`, a drawing published by `marshrut deploy`. The people
-- are generated; forms are written without blanks, notifications and the audit log are left out. The tables are those
-- of the revision e9684490ab8d.
INSERT INTO "brand" (code, name, position) VALUES
('aurelia','Aurelia',0),
('nordis','Nordis',1);
INSERT INTO "centre" (id, name, city, phone, time_zone, active) VALUES
(1,'Север','Санкт-Петербург','+78120000001','Europe/Moscow',1),
(2,'Юг','Санкт-Петербург','+78120000002','Europe/Moscow',1);
INSERT INTO "command" ("key", actor_id, at, result) VALUES
('demo-3-1-20261124085839',18,'2026-11-24 08:58:39.738158','{"instance_id":3,"next_tasks":[4],"outcome":null,"incident_id":null}'),
('demo-4-1-20261124093146',7,'2026-11-24 09:31:46.074493','{"instance_id":3,"next_tasks":[5],"outcome":null,"incident_id":null}'),
('demo-6-1-20261125092727',18,'2026-11-25 09:27:27.795725','{"instance_id":4,"next_tasks":[7],"outcome":null,"incident_id":null}'),
('demo-7-1-20261125101816',9,'2026-11-25 10:18:16.504389','{"instance_id":4,"next_tasks":[8],"outcome":null,"incident_id":null}'),
('demo-1-1-20261126060638',13,'2026-11-26 06:06:38.374432','{"instance_id":1,"next_tasks":[9],"outcome":null,"incident_id":null}'),
('demo-9-1-20261127122526',19,'2026-11-27 12:25:26.957510','{"instance_id":1,"next_tasks":[12],"outcome":null,"incident_id":null}'),
('demo-12-1-20261127151915',12,'2026-11-27 15:19:15.462048','{"instance_id":1,"next_tasks":[13],"outcome":null,"incident_id":null}');
INSERT INTO "competitor" (code, name_en, name_ru, position, active) VALUES
('borealis','Borealis','Borealis',0,1),
('castor','Castor','Castor',1,1),
('helion','Helion','Helion',2,1),
('meridian','Meridian','Meridian',3,1),
('orlan','Orlan','Орлан',4,1),
('vegard','Vegard','Vegard',5,1),
('same_brand_dealer','Another dealer of the brand','Другой дилер марки',6,1),
('private_seller','Private seller','Частный продавец',7,1),
('other','Other','Другой',8,1);
INSERT INTO "deployment" (id, at, actor_id, note) VALUES
(1,'2026-11-21 06:00:00.000000',NULL,''),
(2,'2026-11-28 01:00:08.384102',NULL,'');
INSERT INTO "due_row" (id, kind, ref, due_at, next_at, detail, state, attempts, last_error, dedupe) VALUES
(6,'escalation',2,'2026-11-28 14:00:00.000000','2026-11-28 14:00:00.000000','head','waiting',0,NULL,'escalation:2:1795417440000:0'),
(7,'reminder',5,'2026-12-08 06:30:00.000000','2026-12-08 06:30:00.000000','','waiting',0,NULL,'reminder:5:1795512706074:0'),
(8,'reminder',5,'2026-12-08 09:00:00.000000','2026-12-08 09:00:00.000000','','waiting',0,NULL,'reminder:5:1795512706074:1'),
(9,'escalation',5,'2026-12-09 09:00:00.000000','2026-12-09 09:00:00.000000','head','waiting',0,NULL,'escalation:5:1795512706074:0'),
(10,'reminder',8,'2026-11-28 06:30:00.000000','2026-11-28 06:30:00.000000','','waiting',0,NULL,'reminder:8:1795601896504:0'),
(11,'reminder',8,'2026-11-28 09:00:00.000000','2026-11-28 09:00:00.000000','','waiting',0,NULL,'reminder:8:1795601896504:1'),
(12,'escalation',8,'2026-11-29 09:00:00.000000','2026-11-29 09:00:00.000000','head','waiting',0,NULL,'escalation:8:1795601896504:0'),
(17,'reminder',10,'2026-12-01 13:30:00.000000','2026-12-01 13:30:00.000000','','waiting',0,NULL,'reminder:10:1795708740000:0'),
(18,'reminder',10,'2026-12-01 14:00:00.000000','2026-12-01 14:00:00.000000','','waiting',0,NULL,'reminder:10:1795708740000:1'),
(19,'escalation',10,'2026-12-02 14:00:00.000000','2026-12-02 14:00:00.000000','head','waiting',0,NULL,'escalation:10:1795708740000:0'),
(20,'reminder',11,'2026-11-28 06:30:00.000000','2026-11-28 06:30:00.000000','','waiting',0,NULL,'reminder:11:1795780500000:0'),
(21,'reminder',11,'2026-11-28 09:00:00.000000','2026-11-28 09:00:00.000000','','waiting',0,NULL,'reminder:11:1795780500000:1'),
(22,'escalation',11,'2026-11-28 13:32:30.000000','2026-11-28 13:32:30.000000','head','waiting',0,NULL,'escalation:11:1795780500000:0'),
(23,'reminder',13,'2026-11-28 06:30:00.000000','2026-11-28 06:30:00.000000','','waiting',0,NULL,'reminder:13:1795792755462:0'),
(24,'reminder',13,'2026-11-28 09:00:00.000000','2026-11-28 09:00:00.000000','','waiting',0,NULL,'reminder:13:1795792755462:1'),
(25,'escalation',13,'2026-11-28 11:50:22.268976','2026-11-28 11:50:22.268976','head','waiting',0,NULL,'escalation:13:1795792755462:0'),
(26,'bpmn_timer',7,'2026-11-28 22:00:23.674889','2026-11-28 22:00:23.674889','43e60646ce7f46edb2fc843e0ce57aa0','waiting',0,NULL,'timer:7:43e60646ce7f46edb2fc843e0ce57aa0:2026-11-28T22:00:23.674889+00:00');
INSERT INTO "inquiry_source" (code, name_en, name_ru, "group", paid, position, active) VALUES
('context_ads','Search advertising','Контекстная реклама','online',1,0,1),
('social_ads','Social media advertising','Реклама в соцсетях','online',1,1,1),
('classifieds_autopark','Classifieds: Autopark','Объявления: «Автопарк»','online',1,2,1),
('classifieds_ryad','Classifieds: Ryad','Объявления: «Ряд»','online',1,3,1),
('brand_site','Brand’s site','Сайт марки','online',0,4,1),
('dealer_site','Our own site','Сайт автоцентра','online',0,5,1),
('maps','Maps and navigators','Карты и навигаторы','online',1,6,1),
('radio','Radio','Радио','offline',1,7,1),
('outdoor','Outdoor advertising','Наружная реклама','offline',1,8,1),
('tv','Television','Телевидение','offline',1,9,1),
('press','Press','Пресса','offline',1,10,1),
('recommendation','Recommendation','Рекомендация','referral',0,11,1),
('repeat','Repeat customer','Повторный клиент','own_base',0,12,1),
('passing_by','Was passing by','Проезжал мимо','offline',0,13,1),
('event','Event','Мероприятие','offline',1,14,1),
('service_customer','Customer of the service','Клиент сервиса','own_base',0,15,1),
('group_dealer','Another dealer of the group','Другой автоцентр группы','referral',0,16,1),
('mailing','Mailing','Рассылка','own_base',1,17,1),
('unknown','Unknown','Неизвестно','unknown',0,18,1);
INSERT INTO "refusal_reason" (code, name_en, name_ru, "group", position, active) VALUES
('price_high','Price too high','Высокая цена','price',0,1),
('tradein_low','Trade-in offer too low','Не устроила оценка trade-in','price',1,1),
('credit_denied','Bank refused the credit','Отказ банка','finance',2,1),
('payment_high','Monthly payment too high','Высокий ежемесячный платёж','finance',3,1),
('no_stock','Wanted equipment not available','Нет нужной комплектации','product',4,1),
('long_wait','Delivery takes too long','Долгий срок поставки','product',5,1),
('colour','Colour did not suit','Не устроил цвет','product',6,1),
('test_drive_negative','Did not like the test drive','Не понравился на тест-драйве','product',7,1),
('bought_competitor_brand','Bought another brand','Купил другую марку','competitor',8,1),
('bought_same_brand_other_dealer','Bought from another dealer of the brand','Купил у другого дилера марки','competitor',9,1),
('bought_used','Bought a used car elsewhere','Купил с пробегом в другом месте','competitor',10,1),
('postponed_purchase','Will not buy for now','Передумал покупать','customer',11,1),
('family_decision','The family decided so','Решение семьи','customer',12,1),
('financial_situation','Circumstances changed','Изменились обстоятельства','customer',13,1),
('service_attitude','Did not like how he was served','Не понравилось обслуживание','us',14,1),
('slow_reaction','Our answer took too long','Долго не отвечали','us',15,1),
('other','Other','Другое','other',16,1);
INSERT INTO "user_account" (id, email, name, password, active, fs_uniquifier, position, phone, head_id, language, time_zone, theme, failed_sign_ins, locked_until, last_sign_in_at, created_at) VALUES
(1,'director@example.com','Павел Демин',NULL,1,'23a15b56da31be40fc35f64afee96111d77c6175f5339721346cd85bf3c694ea','Директор','+79000009901',NULL,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(2,'admin@example.com','Даниил Рогов',NULL,1,'7052f44ec565e1aeab32d1da748956ce74e79b2968302a5fc41308e3049cd313','Администратор системы','+79000009902',1,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(3,'owner@example.com','Надежда Курилова',NULL,1,'3def2a828506ef1a5d44b2a646f80035ba240a3e29da7156ab490d262fd8cac0','CRM-менеджер','+79000009903',1,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(4,'marketer@example.com','Тимофей Власов',NULL,1,'7371a086672c5977506750040cf979b0b984709c0c13c446201006b0d1d29dcb','Маркетолог','+79000009904',1,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(5,'head.north@example.com','Сергей Миронов',NULL,1,'c12adb91d1f04a581731983bb43f562fa953ed8b5d5673a200e61f0d708e0ed4','Руководитель отдела продаж','+79000009905',1,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(6,'head.south@example.com','Елена Громова',NULL,1,'5d7513967eb7e07a8c753361a970fe4b4547a507af67e3e4554c3e5e5d19da5c','Руководитель отдела продаж','+79000009906',1,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(7,'n1@example.com','Алина Лебедева',NULL,1,'5f6ec3c149f1ac9ce31115d4726f05b9a588176abba48bab6c5e6943c99161ba','Менеджер по продажам','+79000009907',5,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(8,'n2@example.com','Роман Титов',NULL,1,'1276596dbc15a7a74b285d48852ed7fa679f92518d5b687660a6233e55e676fe','Менеджер по продажам','+79000009908',5,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(9,'n3@example.com','Степан Гусев',NULL,1,'92d7493a6ad1f1a1cf1c7064cccb8d38fac32825bcebf36df31939277b9807e7','Менеджер по продажам','+79000009909',5,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(10,'n4@example.com','Дмитрий Карпов',NULL,1,'834c0759036746ed950dbc0b0d1aa1583cb31ff486a12b94745b81520b36e2f2','Менеджер по продажам','+79000009910',5,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(11,'n5@example.com','Вера Антипова',NULL,1,'3e8081a882a39267a2affcbfa04dc2b73e9ff359d5aa69438586124694bf56c9','Менеджер по продажам','+79000009911',5,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(12,'s1@example.com','Кира Новикова',NULL,1,'3aafb18aea5327024d2dc3263b48a5d858ca00a9205772de73235855bc3a1f58','Менеджер по продажам','+79000009912',6,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(13,'s2@example.com','Максим Уваров',NULL,1,'b46b20067e3471b302c9bb6e5c288d68e5fe8ae3ed83ea2c27a84aea4d766406','Менеджер по продажам','+79000009913',6,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(14,'s3@example.com','Инесса Голубева',NULL,1,'84f6ba13c87a7725c99bd7aff3ec35d32ef9e47857e7afdd8c013664b6093c4e','Менеджер по продажам','+79000009914',6,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(15,'s4@example.com','Тарас Мельник',NULL,1,'774f73d6b6e3f4207d1856eac48246e3951229bf084eae283faa9a7f3b9283f6','Менеджер по продажам','+79000009915',6,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(16,'call1@example.com','Инна Зуева',NULL,1,'9e9b0e306685bb6807feb03335a87a9103866979582d811922c4bab034635746','Оператор call-центра','+79000009916',3,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(17,'call2@example.com','Ольга Панова',NULL,1,'55128c34f74c556dd86135c0384c5bbcab71265e9f6e09d28e0a76d8e81477a5','Оператор call-центра','+79000009917',3,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(18,'desk.north@example.com','Ксения Фомина',NULL,1,'aa2e747832a7f8ffa03cd4ef2c29e9bcc9e12df20b983fcd05c3f30301189585','Администратор салона','+79000009918',5,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000'),
(19,'desk.south@example.com','Яна Соколова',NULL,1,'fdbf591c561be5cb92c727d843560dbb795d50c2b50fc94061e147efd97ac31d','Администратор салона','+79000009919',6,NULL,NULL,NULL,0,NULL,NULL,'2026-11-21 06:00:00.000000');
INSERT INTO "working_calendar" (id, name, scope_id, zone, hours, closed, special) VALUES
(1,'sales',NULL,'Europe/Moscow','{"0": [["09:00", "21:00"]], "1": [["09:00", "21:00"]], "2": [["09:00", "21:00"]], "3": [["09:00", "21:00"]], "4": [["09:00", "21:00"]], "5": [["09:00", "21:00"]], "6": [["09:00", "21:00"]]}','["2025-01-01", "2026-01-01", "2027-01-01", "2028-01-01", "2029-01-01"]','{}'),
(2,'service',NULL,'Europe/Moscow','{"0": [["08:00", "20:00"]], "1": [["08:00", "20:00"]], "2": [["08:00", "20:00"]], "3": [["08:00", "20:00"]], "4": [["08:00", "20:00"]], "5": [["08:00", "20:00"]], "6": [["08:00", "20:00"]]}','["2025-01-01", "2026-01-01", "2027-01-01", "2028-01-01", "2029-01-01"]','{}'),
(3,'office',NULL,'Europe/Moscow','{"0": [["09:00", "18:00"]], "1": [["09:00", "18:00"]], "2": [["09:00", "18:00"]], "3": [["09:00", "18:00"]], "4": [["09:00", "18:00"]]}','["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04", "2025-01-05", "2025-01-06", "2025-01-07", "2025-01-08", "2025-02-23", "2025-03-08", "2025-05-01", "2025-05-02", "2025-05-08", "2025-05-09", "2025-06-12", "2025-06-13", "2025-11-03", "2025-11-04", "2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09", "2026-02-23", "2026-03-08", "2026-03-09", "2026-05-01", "2026-05-09", "2026-05-11", "2026-06-12", "2026-11-04", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07", "2027-01-08", "2027-02-22", "2027-02-23", "2027-03-08", "2027-05-01", "2027-05-03", "2027-05-09", "2027-05-10", "2027-06-12", "2027-06-14", "2027-11-04", "2027-11-05", "2027-12-31", "2028-01-01", "2028-01-02", "2028-01-03", "2028-01-04", "2028-01-05", "2028-01-06", "2028-01-07", "2028-01-08", "2028-02-23", "2028-03-08", "2028-05-01", "2028-05-09", "2028-06-12", "2028-11-04", "2029-01-01", "2029-01-02", "2029-01-03", "2029-01-04", "2029-01-05", "2029-01-06", "2029-01-07", "2029-01-08", "2029-02-23", "2029-03-08", "2029-05-01", "2029-05-09", "2029-06-12", "2029-11-04"]','{"2025-11-01": [["09:00", "18:00"]], "2027-02-20": [["09:00", "18:00"]]}');
INSERT INTO "car_model" (code, brand_code, name, position, active) VALUES
('aurelia_city','aurelia','City',0,1),
('aurelia_s4','aurelia','S4',1,1),
('aurelia_s4_touring','aurelia','S4 Touring',2,1),
('aurelia_vista','aurelia','Vista',3,1),
('nordis_alma','nordis','Alma',4,1),
('nordis_terra','nordis','Terra',5,1),
('nordis_fjord','nordis','Fjord',6,1),
('nordis_polar','nordis','Polar',7,1);
INSERT INTO "customer" (id, kind, last_name, first_name, middle_name, company_name, search_name, sort_name, sex, birth_date, owner_id, centre_id, preferred_channel, data_basis, advertising, note, created_at, created_by) VALUES
(1,'person','Зайцева','Вера','','',' zaitseva vera','зайцева вера','f',NULL,13,2,'call',NULL,'not_asked','','2026-11-22 13:00:00.000000',17),
(2,'person','Галеев','Константин','','',' galev konstantin','галеев константин','m',NULL,12,2,'call',NULL,'not_asked','','2026-11-23 07:04:00.000000',16),
(3,'person','Бобров','Евгений','','',' bobrov evgeni','бобров евгений','m',NULL,10,1,'call',NULL,'not_asked','','2026-11-24 09:02:00.000000',18),
(4,'person','Антипов','Николай','','',' antipov nikolai','антипов николай','m',NULL,8,1,'call',NULL,'not_asked','','2026-11-25 09:16:00.000000',18),
(5,'person','Жданова','Мария','','',' zhdanova mara','жданова мария','f',NULL,11,1,'call',NULL,'not_asked','','2026-11-26 15:59:00.000000',17),
(6,'person','Фомина','Ульяна','','',' fomina ulana','фомина ульяна','f',NULL,15,2,'call',NULL,'not_asked','','2026-11-27 11:55:00.000000',16);
INSERT INTO "form_definition" (id, "key", version, checksum, body, published_at, deployment_id) VALUES
(1,'sales/call_absentee',1,'c5e49be96618f7575d8ffe1dd2404c31fb371e23907cdb44850578e8fe536f38','{"components":[{"type":"radio","id":"field_outcome","key":"outcome","label":"What was agreed?","values":[{"label":"New time agreed","label.ru":"Назначено новое время","value":"visit_agreed"},{"label":"Will decide later","label.ru":"Решит позже","value":"later"},{"label":"Not reached","label.ru":"Не дозвонились","value":"not_reached"}],"validate":{"required":true},"properties":{"label.ru":"О чём договорились?"},"layout":{"row":"row_field_outcome","columns":null}},{"type":"datetime","id":"field_visit_at","key":"visit_at","label":"Date of the visit","validate":{"required":true},"conditional":{"hide":"=outcome != \"visit_agreed\""},"dateLabel":"Date of the visit","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Дата визита","dateLabel.ru":"Дата визита","timeLabel.ru":"Время"},"layout":{"row":"row_field_visit_at","columns":null}},{"type":"datetime","id":"field_next_contact_at","key":"next_contact_at","label":"Next contact","conditional":{"hide":"=outcome != \"later\""},"dateLabel":"Next contact","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Следующий контакт","dateLabel.ru":"Следующий контакт","timeLabel.ru":"Время"},"layout":{"row":"row_field_next_contact_at","columns":null}},{"type":"select","id":"field_reason","key":"reason","label":"Why did the guest not come?","values":[{"label":"Forgot","label.ru":"Забыл","value":"forgot"},{"label":"Was busy","label.ru":"Был занят","value":"busy"},{"label":"Is ill","label.ru":"Заболел","value":"ill"},{"label":"Traffic or weather","label.ru":"Дорога или погода","value":"road"},{"label":"Went elsewhere","label.ru":"Поехал в другой салон","value":"other_dealer"},{"label":"Did not say","label.ru":"Не сказал","value":"not_said"}],"conditional":{"hide":"=outcome = \"not_reached\""},"properties":{"label.ru":"Почему не приехал?"},"layout":{"row":"row_field_reason","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/call_absentee","name":"Call the absentee","properties":{"name.ru":"Звонок не приехавшему"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(2,'sales/confirm_visit',1,'5ec15d59f6053627e8c79334c012d721544f86df0ae4ba88bc58bd547e1a977f','{"components":[{"type":"radio","id":"field_outcome","key":"outcome","label":"What did the customer say?","values":[{"label":"Comes as agreed","label.ru":"Приедет, как договорились","value":"confirmed"},{"label":"Another time","label.ru":"Другое время","value":"moved"},{"label":"No answer","label.ru":"Не отвечает","value":"no_answer"},{"label":"Cancelled","label.ru":"Отменил","value":"cancelled"}],"validate":{"required":true},"properties":{"label.ru":"Что ответил клиент?"},"layout":{"row":"row_field_outcome","columns":null}},{"type":"datetime","id":"field_new_visit_at","key":"new_visit_at","label":"New date of the visit","description":"Within the opening hours of the centre","validate":{"required":true},"conditional":{"hide":"=outcome != \"moved\""},"dateLabel":"New date of the visit","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Новая дата визита","description.ru":"В часы работы центра","dateLabel.ru":"Новая дата визита","timeLabel.ru":"Время"},"layout":{"row":"row_field_new_visit_at","columns":null}},{"type":"checklist","id":"field_who_comes","key":"who_comes","label":"Who comes?","values":[{"label":"Alone","label.ru":"Один","value":"alone"},{"label":"With spouse","label.ru":"С супругом или супругой","value":"spouse"},{"label":"With family","label.ru":"С семьёй","value":"family"},{"label":"With a colleague","label.ru":"С коллегой","value":"colleague"}],"conditional":{"hide":"=outcome != \"confirmed\" and outcome != \"moved\""},"properties":{"label.ru":"Кто приедет?"},"layout":{"row":"row_field_who_comes","columns":null}},{"type":"checklist","id":"field_prepare","key":"prepare","label":"What to prepare","values":[{"label":"Car for a test drive","label.ru":"Автомобиль для тест-драйва","value":"test_drive_car"},{"label":"Appraiser for trade-in","label.ru":"Оценщик trade-in","value":"tradein_appraiser"},{"label":"Credit manager","label.ru":"Кредитный специалист","value":"credit_manager"},{"label":"Children’s corner","label.ru":"Детский уголок","value":"child_corner"}],"conditional":{"hide":"=outcome != \"confirmed\" and outcome != \"moved\""},"properties":{"label.ru":"Что подготовить"},"layout":{"row":"row_field_prepare","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/confirm_visit","name":"Invite and confirm the visit","properties":{"name.ru":"Приглашение и подтверждение визита"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(3,'sales/first_answer',1,'5c26776e72a4257cd856293919ca855785140d42621f4a2c47572063e3bf9f66','{"components":[{"type":"radio","id":"field_outcome","key":"outcome","label":"What was agreed?","values":[{"label":"Visit agreed","label.ru":"Визит назначен","value":"visit_agreed"},{"label":"The guest is in the showroom","label.ru":"Гость уже в салоне","value":"visit_now"},{"label":"Information given, no visit yet","label.ru":"Дали информацию, визита пока нет","value":"info_only"},{"label":"Not reached","label.ru":"Не дозвонились","value":"not_reached"},{"label":"Another department","label.ru":"Другой отдел","value":"wrong_department"},{"label":"Double of an open worksheet","label.ru":"Повтор открытого листа","value":"duplicate"}],"validate":{"required":true},"properties":{"label.ru":"О чём договорились?"},"layout":{"row":"row_field_outcome","columns":null}},{"type":"datetime","id":"field_visit_at","key":"visit_at","label":"Date of the visit","description":"Within the opening hours of the centre","validate":{"required":true},"conditional":{"hide":"=outcome != \"visit_agreed\""},"dateLabel":"Date of the visit","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Дата визита","description.ru":"В часы работы центра","dateLabel.ru":"Дата визита","timeLabel.ru":"Время"},"layout":{"row":"row_field_visit_at","columns":null}},{"type":"group","id":"group_person","label":"Person","showOutline":false,"components":[{"type":"textfield","id":"field_first_name","key":"first_name","label":"First name","validate":{"required":true,"maxLength":60},"properties":{"label.ru":"Имя","personal":true},"layout":{"row":"row_field_first_name","columns":null}},{"type":"textfield","id":"field_last_name","key":"last_name","label":"Last name","validate":{"maxLength":60},"properties":{"label.ru":"Фамилия","personal":true},"layout":{"row":"row_field_last_name","columns":null}},{"type":"textfield","id":"field_phone","key":"phone","label":"Phone, if he gave another one","validate":{"maxLength":40},"properties":{"label.ru":"Телефон, если назвал другой","kind":"phone","personal":true},"layout":{"row":"row_field_phone","columns":null}},{"type":"radio","id":"field_sex","key":"sex","label":"Sex","values":[{"label":"Male","label.ru":"Мужской","value":"m"},{"label":"Female","label.ru":"Женский","value":"f"},{"label":"Unknown","label.ru":"Неизвестно","value":"unknown"}],"validate":{"required":true},"properties":{"label.ru":"Пол"},"layout":{"row":"row_field_sex","columns":null}}],"conditional":{"hide":"=outcome = \"not_reached\" or outcome = \"wrong_department\" or outcome = \"duplicate\""},"properties":{"label.ru":"Клиент"},"layout":{"row":"row_group_person","columns":null}},{"type":"group","id":"group_interest","label":"Interest","showOutline":false,"components":[{"type":"select","id":"field_source","key":"source","label":"How did you hear about us?","values":[],"validate":{"required":true},"properties":{"label.ru":"Откуда узнали о нас?","source":"inquiries.sources"},"layout":{"row":"row_field_source","columns":null}},{"type":"textfield","id":"field_campaign","key":"campaign","label":"Campaign","description":"Proposed from the dialled number or the link","validate":{"maxLength":120},"properties":{"label.ru":"Кампания","description.ru":"Предлагается по набранному номеру или ссылке"},"layout":{"row":"row_field_campaign","columns":null}},{"type":"select","id":"field_purpose","key":"purpose","label":"Purpose","values":[{"label":"New car","label.ru":"Новый автомобиль","value":"new_car"},{"label":"Used car","label.ru":"Автомобиль с пробегом","value":"used_car"},{"label":"Trade-in valuation","label.ru":"Оценка trade-in","value":"trade_in"},{"label":"Test drive","label.ru":"Тест-драйв","value":"test_drive"},{"label":"Service","label.ru":"Сервис","value":"service"},{"label":"Parts and accessories","label.ru":"Запчасти и аксессуары","value":"parts"},{"label":"Documents","label.ru":"Документы","value":"documents"},{"label":"Complaint","label.ru":"Жалоба","value":"complaint"},{"label":"Other","label.ru":"Другое","value":"other"}],"validate":{"required":true},"properties":{"label.ru":"Цель обращения"},"layout":{"row":"row_field_purpose","columns":null}},{"type":"select","id":"field_interest_model","key":"interest_model","label":"Model of interest","values":[],"properties":{"label.ru":"Интересующая модель","source":"vehicles.models"},"layout":{"row":"row_field_interest_model","columns":null}},{"type":"radio","id":"field_interest_type","key":"interest_type","label":"New or used","values":[{"label":"New","label.ru":"Новый","value":"new"},{"label":"Used","label.ru":"С пробегом","value":"used"},{"label":"Either","label.ru":"Любой","value":"any"}],"validate":{"required":true},"properties":{"label.ru":"Новый или с пробегом"},"layout":{"row":"row_field_interest_type","columns":null}}],"conditional":{"hide":"=outcome = \"not_reached\" or outcome = \"wrong_department\" or outcome = \"duplicate\""},"properties":{"label.ru":"Интерес"},"layout":{"row":"row_group_interest","columns":null}},{"type":"group","id":"group_contact","label":"Contact and consent","showOutline":false,"components":[{"type":"radio","id":"field_preferred_channel","key":"preferred_channel","label":"Reach by","values":[{"label":"Call","label.ru":"Звонок","value":"call"},{"label":"SMS","label.ru":"SMS","value":"sms"},{"label":"Messenger","label.ru":"Мессенджер","value":"messenger"},{"label":"E-mail","label.ru":"Эл. почта","value":"email"}],"defaultValue":"call","properties":{"label.ru":"Как связываться"},"layout":{"row":"row_field_preferred_channel","columns":null}},{"type":"radio","id":"field_pd_basis","key":"pd_basis","label":"Why may we keep the data?","values":[{"label":"His own request","label.ru":"Обращение самого клиента","value":"request_of_subject"},{"label":"Written consent","label.ru":"Письменное согласие","value":"consent"}],"validate":{"required":true},"properties":{"label.ru":"Основание обработки данных"},"layout":{"row":"row_field_pd_basis","columns":null}},{"type":"radio","id":"field_consent_marketing","key":"consent_marketing","label":"Agrees to advertising?","values":[{"label":"Yes","label.ru":"Да","value":"yes"},{"label":"No","label.ru":"Нет","value":"no"},{"label":"Not asked","label.ru":"Не спрашивали","value":"not_asked"}],"validate":{"required":true},"properties":{"label.ru":"Согласен на рекламу?"},"layout":{"row":"row_field_consent_marketing","columns":null}}],"conditional":{"hide":"=outcome = \"not_reached\" or outcome = \"wrong_department\" or outcome = \"duplicate\""},"properties":{"label.ru":"Связь и согласия"},"layout":{"row":"row_group_contact","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/first_answer","name":"Answer the inquiry","properties":{"name.ru":"Ответ на обращение"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(4,'sales/follow_up_call',1,'8528292002938ae9ab34475b4e95666dd73fa2322da64886217e2bc7ab6f7f2d','{"components":[{"type":"radio","id":"field_outcome","key":"outcome","label":"What came of it?","values":[{"label":"Talked, next contact agreed","label.ru":"Поговорили, назначен следующий контакт","value":"next_contact"},{"label":"Visit agreed","label.ru":"Назначен визит","value":"visit_agreed"},{"label":"Ready to buy","label.ru":"Готов покупать","value":"ready"},{"label":"Not reached","label.ru":"Не удалось связаться","value":"not_reached"}],"validate":{"required":true},"properties":{"label.ru":"Чем закончился контакт?"},"layout":{"row":"row_field_outcome","columns":null}},{"type":"radio","id":"field_reached","key":"reached","label":"Why not?","values":[{"label":"No answer","label.ru":"Не отвечает","value":"no_answer"},{"label":"Busy","label.ru":"Занято","value":"busy"},{"label":"Asked to call later","label.ru":"Просил перезвонить","value":"call_later"},{"label":"Wrong number","label.ru":"Неверный номер","value":"wrong_number"}],"validate":{"required":true},"conditional":{"hide":"=outcome != \"not_reached\""},"properties":{"label.ru":"Почему?"},"layout":{"row":"row_field_reached","columns":null}},{"type":"datetime","id":"field_next_contact_at","key":"next_contact_at","label":"Next contact","description":"Agree the day with the customer","validate":{"required":true},"conditional":{"hide":"=outcome != \"next_contact\""},"dateLabel":"Next contact","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Следующий контакт","description.ru":"Согласуйте день с клиентом","dateLabel.ru":"Следующий контакт","timeLabel.ru":"Время"},"layout":{"row":"row_field_next_contact_at","columns":null}},{"type":"datetime","id":"field_visit_at","key":"visit_at","label":"Date of the visit","description":"Within the opening hours of the centre","validate":{"required":true},"conditional":{"hide":"=outcome != \"visit_agreed\""},"dateLabel":"Date of the visit","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Дата визита","description.ru":"В часы работы центра","dateLabel.ru":"Дата визита","timeLabel.ru":"Время"},"layout":{"row":"row_field_visit_at","columns":null}},{"type":"select","id":"field_reason_used","key":"reason_used","label":"Reason for the call","values":[{"label":"Answer to a question","label.ru":"Ответ на вопрос","value":"answer"},{"label":"New car in stock","label.ru":"Новое поступление","value":"new_stock"},{"label":"Changed price","label.ru":"Изменение цены","value":"price_change"},{"label":"Test drive","label.ru":"Тест-драйв","value":"test_drive"},{"label":"Event","label.ru":"Мероприятие","value":"event"},{"label":"Finance","label.ru":"Условия финансирования","value":"finance"},{"label":"Trade-in","label.ru":"Trade-in","value":"tradein"}],"validate":{"required":true},"conditional":{"hide":"=outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"label.ru":"Повод звонка"},"layout":{"row":"row_field_reason_used","columns":null}},{"type":"radio","id":"field_objection","key":"objection","label":"Objection","values":[{"label":"Price","label.ru":"Цена","value":"price"},{"label":"Trade-in price","label.ru":"Цена trade-in","value":"tradein_price"},{"label":"Waiting time","label.ru":"Срок ожидания","value":"wait"},{"label":"Competitor","label.ru":"Конкурент","value":"competitor"},{"label":"Finance","label.ru":"Финансы","value":"finance"},{"label":"Family","label.ru":"Семья","value":"family"},{"label":"Needs time","label.ru":"Нужно время","value":"needs_time"},{"label":"None","label.ru":"Нет","value":"none"}],"validate":{"required":true},"conditional":{"hide":"=outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"label.ru":"Возражение"},"layout":{"row":"row_field_objection","columns":null}},{"type":"text","id":"text_price","text":"“What do you compare with? Let us compare equal equipment and the full cost of ownership over three years.”","conditional":{"hide":"=not(objection = \"price\") or outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"text.ru":"«С чем вы сравниваете? Давайте сравним одинаковые комплектации и полную стоимость владения за три года.»"},"layout":{"row":"row_text_price","columns":null}},{"type":"text","id":"text_tradein_price","text":"“What amount do you expect, and where does it come from? I will show three similar cars and the estimate of preparation.”","conditional":{"hide":"=not(objection = \"tradein_price\") or outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"text.ru":"«Какую сумму вы ожидали и откуда она? Покажу три похожих автомобиля и смету подготовки.»"},"layout":{"row":"row_text_tradein_price","columns":null}},{"type":"text","id":"text_wait","text":"“If we confirm the date in writing and fix the price, will you wait? A close configuration stands in stock.”","conditional":{"hide":"=not(objection = \"wait\") or outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"text.ru":"«Если срок подтвердим письменно и закрепим цену, подождёте? Есть близкая комплектация на складе.»"},"layout":{"row":"row_text_wait","columns":null}},{"type":"text","id":"text_competitor","text":"“What did you like most there? What matters more in everyday use?”","conditional":{"hide":"=not(objection = \"competitor\") or outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"text.ru":"«Что там понравилось больше всего? Что важнее при эксплуатации?»"},"layout":{"row":"row_text_competitor","columns":null}},{"type":"text","id":"text_finance","text":"“Which payment would be comfortable? We will work out term and down payment for it.”","conditional":{"hide":"=not(objection = \"finance\") or outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"text.ru":"«Какой платёж был бы комфортен? Посчитаем срок и взнос под него.»"},"layout":{"row":"row_text_finance","columns":null}},{"type":"text","id":"text_family","text":"“Come together, I will prepare a test drive for the second driver.”","conditional":{"hide":"=not(objection = \"family\") or outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"text.ru":"«Приезжайте вместе, подготовлю тест-драйв для второго водителя.»"},"layout":{"row":"row_text_family","columns":null}},{"type":"text","id":"text_needs_time","text":"“Good. What has to happen for the decision to become clear? When shall we talk again?”","conditional":{"hide":"=not(objection = \"needs_time\") or outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"text.ru":"«Хорошо. Что должно произойти, чтобы решение стало ясным? Когда вам удобно созвониться?»"},"layout":{"row":"row_text_needs_time","columns":null}},{"type":"textarea","id":"field_objection_answer","key":"objection_answer","label":"What did you answer?","validate":{"maxLength":2000},"conditional":{"hide":"=not(objection != null and objection != \"none\") or outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"label.ru":"Что ответили?"},"layout":{"row":"row_field_objection_answer","columns":null}},{"type":"radio","id":"field_horizon","key":"horizon","label":"When to buy?","description":"Leave empty if nothing has changed","values":[{"label":"Now","label.ru":"Сейчас","value":"now"},{"label":"Within a week","label.ru":"В течение недели","value":"7d"},{"label":"Within a month","label.ru":"В течение месяца","value":"30d"},{"label":"Within three months","label.ru":"В течение трёх месяцев","value":"90d"},{"label":"Later","label.ru":"Позже","value":"later"}],"conditional":{"hide":"=outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"label.ru":"Когда планирует покупку?","description.ru":"Оставьте пустым, если ничего не изменилось"},"layout":{"row":"row_field_horizon","columns":null}},{"type":"radio","id":"field_temperature","key":"temperature","label":"Temperature, if you see it otherwise","description":"Holds for seven days","values":[{"label":"Hot","label.ru":"Горячий","value":"hot"},{"label":"Warm","label.ru":"Тёплый","value":"warm"},{"label":"Cool","label.ru":"Прохладный","value":"cool"},{"label":"Cold","label.ru":"Холодный","value":"cold"}],"conditional":{"hide":"=outcome != \"next_contact\" and outcome != \"visit_agreed\" and outcome != \"ready\""},"properties":{"label.ru":"Температура, если видите иначе","description.ru":"Действует семь дней"},"layout":{"row":"row_field_temperature","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/follow_up_call","name":"Make the follow-up contact","properties":{"name.ru":"Повторный контакт"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(5,'sales/lost',1,'62c7b9e7ac9746ac7bb9e805b4c68f324d22b3ca5a743368e34a26c331b2677b','{"components":[{"type":"radio","id":"field_lost_reason","key":"lost_reason","label":"Why?","values":[{"label":"No answer","label.ru":"Не отвечает","value":"no_answer"},{"label":"Wrong contact","label.ru":"Неверный контакт","value":"invalid_contact"},{"label":"Double of another worksheet","label.ru":"Повтор другого листа","value":"duplicate"},{"label":"Bought elsewhere without a word","label.ru":"Купил в другом месте, не сказав","value":"bought_elsewhere_silently"},{"label":"Our own failure","label.ru":"Наша ошибка","value":"our_process_failure"}],"validate":{"required":true},"properties":{"label.ru":"Почему?"},"layout":{"row":"row_field_lost_reason","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/lost","name":"Customer lost","properties":{"name.ru":"Клиент потерян"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(6,'sales/needs_analysis',1,'466389651961a75e43805049e5d9e9d295abbefd44f84887f9febaaf5d859379','{"components":[{"type":"radio","id":"field_outcome","key":"outcome","label":"What comes next?","values":[{"label":"Choose a car now","label.ru":"Подбираем автомобиль","value":"next"},{"label":"Only by phone and messages","label.ru":"Только дистанционно","value":"remote_only"}],"validate":{"required":true},"properties":{"label.ru":"Что дальше?"},"layout":{"row":"row_field_outcome","columns":null}},{"type":"group","id":"group_who","label":"Customer","showOutline":false,"components":[{"type":"radio","id":"field_customer_kind","key":"customer_kind","label":"Buys as","values":[{"label":"Person","label.ru":"Физическое лицо","value":"person"},{"label":"Company","label.ru":"Организация","value":"company"},{"label":"Sole trader","label.ru":"ИП","value":"sole_trader"}],"validate":{"required":true},"properties":{"label.ru":"Покупает как"},"layout":{"row":"row_field_customer_kind","columns":null}},{"type":"textarea","id":"field_decision_makers","key":"decision_makers","label":"Who else decides?","validate":{"maxLength":500},"properties":{"label.ru":"Кто ещё участвует в решении?","personal":true},"layout":{"row":"row_field_decision_makers","columns":null}},{"type":"number","id":"field_children","key":"children","label":"Children","validate":{"min":0,"max":20},"decimalDigits":0,"properties":{"label.ru":"Детей","personal":true},"layout":{"row":"row_field_children","columns":null}},{"type":"textfield","id":"field_occupation","key":"occupation","label":"Occupation","description":"Only with consent for an extended profile","validate":{"maxLength":120},"properties":{"label.ru":"Род занятий","description.ru":"Только при согласии на расширенную анкету","personal":true},"layout":{"row":"row_field_occupation","columns":null}},{"type":"checklist","id":"field_hobbies","key":"hobbies","label":"Likes","values":[{"label":"Hunting","label.ru":"Охота","value":"hunting"},{"label":"Fishing","label.ru":"Рыбалка","value":"fishing"},{"label":"Skiing","label.ru":"Лыжи","value":"ski"},{"label":"Travel","label.ru":"Путешествия","value":"travel"},{"label":"Children’s sports","label.ru":"Детский спорт","value":"kids_sport"},{"label":"Country house","label.ru":"Дача","value":"dacha"},{"label":"Music","label.ru":"Музыка","value":"music"},{"label":"Other","label.ru":"Другое","value":"other"}],"properties":{"label.ru":"Увлечения","personal":true},"layout":{"row":"row_field_hobbies","columns":null}}],"properties":{"label.ru":"Клиент"},"layout":{"row":"row_group_who","columns":null}},{"type":"group","id":"group_current_car","label":"Current car","showOutline":false,"components":[{"type":"radio","id":"field_replace_or_add","key":"replace_or_add","label":"The new car","values":[{"label":"Replaces the old one","label.ru":"Взамен нынешнего","value":"replace"},{"label":"Is one more","label.ru":"Ещё один","value":"additional"},{"label":"Is the first","label.ru":"Первый","value":"first"}],"validate":{"required":true},"properties":{"label.ru":"Новый автомобиль"},"layout":{"row":"row_field_replace_or_add","columns":null}},{"type":"textfield","id":"field_current_brand","key":"current_brand","label":"Brand","validate":{"maxLength":60},"conditional":{"hide":"=replace_or_add = \"first\""},"properties":{"label.ru":"Марка"},"layout":{"row":"row_field_current_brand","columns":null}},{"type":"textfield","id":"field_current_model","key":"current_model","label":"Model","validate":{"maxLength":60},"conditional":{"hide":"=replace_or_add = \"first\""},"properties":{"label.ru":"Модель"},"layout":{"row":"row_field_current_model","columns":null}},{"type":"number","id":"field_current_year","key":"current_year","label":"Year","validate":{"min":1950,"max":2100},"conditional":{"hide":"=replace_or_add = \"first\""},"decimalDigits":0,"properties":{"label.ru":"Год выпуска"},"layout":{"row":"row_field_current_year","columns":null}},{"type":"number","id":"field_current_mileage","key":"current_mileage","label":"Mileage","validate":{"min":0,"max":2000000},"conditional":{"hide":"=replace_or_add = \"first\""},"decimalDigits":0,"appearance":{"suffixAdorner":"km"},"properties":{"label.ru":"Пробег","suffix.ru":"км"},"layout":{"row":"row_field_current_mileage","columns":null}},{"type":"textfield","id":"field_current_vin","key":"current_vin","label":"VIN","validate":{"maxLength":17},"conditional":{"hide":"=replace_or_add = \"first\""},"properties":{"label.ru":"VIN","kind":"vin","personal":true},"layout":{"row":"row_field_current_vin","columns":null}}],"properties":{"label.ru":"Нынешний автомобиль"},"layout":{"row":"row_group_current_car","columns":null}},{"type":"group","id":"group_use","label":"Use","showOutline":false,"components":[{"type":"checklist","id":"field_drivers","key":"drivers","label":"Who will drive?","values":[{"label":"Himself","label.ru":"Сам клиент","value":"self"},{"label":"Spouse","label.ru":"Супруг или супруга","value":"spouse"},{"label":"Child","label.ru":"Ребёнок","value":"child"},{"label":"Employee","label.ru":"Сотрудник","value":"employee"}],"properties":{"label.ru":"Кто будет за рулём?"},"layout":{"row":"row_field_drivers","columns":null}},{"type":"checklist","id":"field_usage","key":"usage","label":"Where?","values":[{"label":"City","label.ru":"Город","value":"city"},{"label":"Motorway","label.ru":"Трасса","value":"highway"},{"label":"Off-road","label.ru":"Бездорожье","value":"offroad"},{"label":"With a trailer","label.ru":"С прицепом","value":"trailer"},{"label":"For work","label.ru":"Для работы","value":"work"},{"label":"Taxi","label.ru":"Такси","value":"taxi"}],"validate":{"required":true},"properties":{"label.ru":"Где ездит?"},"layout":{"row":"row_field_usage","columns":null}},{"type":"radio","id":"field_yearly_km","key":"yearly_km","label":"Kilometres a year","values":[{"label":"Up to 10,000","label.ru":"До 10 000","value":"lt10k"},{"label":"10,000 to 20,000","label.ru":"10 000–20 000","value":"10_20k"},{"label":"20,000 to 30,000","label.ru":"20 000–30 000","value":"20_30k"},{"label":"Over 30,000","label.ru":"Больше 30 000","value":"gt30k"}],"properties":{"label.ru":"Пробег в год"},"layout":{"row":"row_field_yearly_km","columns":null}},{"type":"taglist","id":"field_priorities","key":"priorities","label":"What matters most? Up to three, in order","description":"The order of choice is the order of weight","values":[{"label":"Safety","label.ru":"Безопасность","value":"safety"},{"label":"Dynamics","label.ru":"Динамика","value":"dynamics"},{"label":"Economy","label.ru":"Экономичность","value":"economy"},{"label":"Space","label.ru":"Вместимость","value":"space"},{"label":"Comfort","label.ru":"Комфорт","value":"comfort"},{"label":"Prestige","label.ru":"Престиж","value":"prestige"},{"label":"Reliability","label.ru":"Надёжность","value":"reliability"},{"label":"Price","label.ru":"Цена","value":"price"}],"validate":{"required":true},"properties":{"label.ru":"Что важнее всего? До трёх, по порядку","description.ru":"Порядок выбора — это порядок важности"},"layout":{"row":"row_field_priorities","columns":null}}],"properties":{"label.ru":"Как ездит"},"layout":{"row":"row_group_use","columns":null}},{"type":"group","id":"group_car","label":"The car","showOutline":false,"components":[{"type":"select","id":"field_interest_model","key":"interest_model","label":"Model of interest","values":[],"properties":{"label.ru":"Интересующая модель","source":"vehicles.models"},"layout":{"row":"row_field_interest_model","columns":null}},{"type":"select","id":"field_body","key":"body","label":"Body","values":[{"label":"Saloon","label.ru":"Седан","value":"sedan"},{"label":"Hatchback","label.ru":"Хэтчбек","value":"hatch"},{"label":"Estate","label.ru":"Универсал","value":"wagon"},{"label":"SUV","label.ru":"Внедорожник","value":"suv"},{"label":"Crossover","label.ru":"Кроссовер","value":"crossover"},{"label":"Minivan","label.ru":"Минивэн","value":"minivan"},{"label":"Pickup","label.ru":"Пикап","value":"pickup"},{"label":"Van","label.ru":"Фургон","value":"lcv"}],"properties":{"label.ru":"Кузов"},"layout":{"row":"row_field_body","columns":null}},{"type":"radio","id":"field_engine","key":"engine","label":"Engine","values":[{"label":"Petrol","label.ru":"Бензин","value":"petrol"},{"label":"Diesel","label.ru":"Дизель","value":"diesel"},{"label":"Hybrid","label.ru":"Гибрид","value":"hybrid"},{"label":"Plug-in hybrid","label.ru":"Подключаемый гибрид","value":"phev"},{"label":"Electric","label.ru":"Электро","value":"ev"},{"label":"Any","label.ru":"Любой","value":"any"}],"properties":{"label.ru":"Двигатель"},"layout":{"row":"row_field_engine","columns":null}},{"type":"radio","id":"field_gearbox","key":"gearbox","label":"Gearbox","values":[{"label":"Manual","label.ru":"Механика","value":"manual"},{"label":"Automatic","label.ru":"Автомат","value":"automatic"},{"label":"Any","label.ru":"Любая","value":"any"}],"properties":{"label.ru":"Коробка передач"},"layout":{"row":"row_field_gearbox","columns":null}},{"type":"radio","id":"field_drive","key":"drive","label":"Drive","values":[{"label":"Front","label.ru":"Передний","value":"fwd"},{"label":"Rear","label.ru":"Задний","value":"rwd"},{"label":"All wheels","label.ru":"Полный","value":"awd"},{"label":"Any","label.ru":"Любой","value":"any"}],"properties":{"label.ru":"Привод"},"layout":{"row":"row_field_drive","columns":null}},{"type":"textfield","id":"field_colour_wish","key":"colour_wish","label":"Colour","validate":{"maxLength":60},"properties":{"label.ru":"Цвет"},"layout":{"row":"row_field_colour_wish","columns":null}},{"type":"taglist","id":"field_must_have","key":"must_have","label":"Must have","values":[{"label":"Heated seats","label.ru":"Подогрев сидений","value":"heated_seats"},{"label":"Leather","label.ru":"Кожаный салон","value":"leather"},{"label":"Panoramic roof","label.ru":"Панорамная крыша","value":"panorama"},{"label":"Rear camera","label.ru":"Камера заднего вида","value":"camera"},{"label":"Adaptive cruise control","label.ru":"Адаптивный круиз-контроль","value":"cruise"},{"label":"Tow bar","label.ru":"Фаркоп","value":"tow_bar"},{"label":"Third row of seats","label.ru":"Третий ряд сидений","value":"third_row"},{"label":"Remote start","label.ru":"Дистанционный запуск","value":"remote_start"},{"label":"Navigation","label.ru":"Навигация","value":"navigation"},{"label":"Matrix headlights","label.ru":"Матричные фары","value":"matrix_light"}],"properties":{"label.ru":"Обязательно нужно"},"layout":{"row":"row_field_must_have","columns":null}},{"type":"taglist","id":"field_competitors","key":"competitors","label":"Other brands looked at","values":[],"properties":{"label.ru":"Какие ещё марки рассматривает","source":"sales.competitors"},"layout":{"row":"row_field_competitors","columns":null}}],"properties":{"label.ru":"Автомобиль"},"layout":{"row":"row_group_car","columns":null}},{"type":"group","id":"group_money","label":"Money and time","showOutline":false,"components":[{"type":"number","id":"field_budget_from","key":"budget_from","label":"Budget from","validate":{"min":0,"max":999999999},"decimalDigits":2,"appearance":{"suffixAdorner":"₽"},"properties":{"label.ru":"Бюджет от"},"layout":{"row":"row_field_budget_from","columns":null}},{"type":"number","id":"field_budget_to","key":"budget_to","label":"Budget to","validate":{"required":true,"min":0,"max":999999999},"decimalDigits":2,"appearance":{"suffixAdorner":"₽"},"properties":{"label.ru":"Бюджет до"},"layout":{"row":"row_field_budget_to","columns":null}},{"type":"radio","id":"field_pay_method","key":"pay_method","label":"Pays by","values":[{"label":"Own money","label.ru":"Свои средства","value":"cash"},{"label":"Credit","label.ru":"Кредит","value":"credit"},{"label":"Leasing","label.ru":"Лизинг","value":"leasing"},{"label":"Trade-in and own money","label.ru":"Trade-in и доплата","value":"tradein_plus_cash"},{"label":"Trade-in and credit","label.ru":"Trade-in и кредит","value":"tradein_plus_credit"},{"label":"Undecided","label.ru":"Не решил","value":"undecided"}],"validate":{"required":true},"properties":{"label.ru":"Способ оплаты"},"layout":{"row":"row_field_pay_method","columns":null}},{"type":"number","id":"field_monthly_payment_max","key":"monthly_payment_max","label":"Comfortable monthly payment","validate":{"required":true,"min":0,"max":999999999},"conditional":{"hide":"=not(pay_method = \"credit\" or pay_method = \"tradein_plus_credit\")"},"decimalDigits":2,"appearance":{"suffixAdorner":"₽"},"properties":{"label.ru":"Комфортный платёж в месяц"},"layout":{"row":"row_field_monthly_payment_max","columns":null}},{"type":"number","id":"field_down_payment","key":"down_payment","label":"Down payment","validate":{"min":0,"max":999999999},"conditional":{"hide":"=pay_method = \"cash\" or pay_method = \"undecided\""},"decimalDigits":2,"appearance":{"suffixAdorner":"₽"},"properties":{"label.ru":"Первоначальный взнос"},"layout":{"row":"row_field_down_payment","columns":null}},{"type":"radio","id":"field_horizon","key":"horizon","label":"When to buy?","values":[{"label":"Now","label.ru":"Сейчас","value":"now"},{"label":"Within a week","label.ru":"В течение недели","value":"7d"},{"label":"Within a month","label.ru":"В течение месяца","value":"30d"},{"label":"Within three months","label.ru":"В течение трёх месяцев","value":"90d"},{"label":"Later","label.ru":"Позже","value":"later"}],"validate":{"required":true},"properties":{"label.ru":"Когда планирует покупку?"},"layout":{"row":"row_field_horizon","columns":null}}],"properties":{"label.ru":"Деньги и сроки"},"layout":{"row":"row_group_money","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/needs_analysis","name":"Analyse the needs","properties":{"name.ru":"Выявление потребностей"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(7,'sales/record_sale',1,'b3697cc0f5b01a69eba937403111c7d7ddb309129a1f5163ec3ee9cfe4ecd729','{"components":[{"type":"radio","id":"field_outcome","key":"outcome","label":"How did it end?","values":[{"label":"The car is handed over","label.ru":"Автомобиль выдан","value":"delivered"},{"label":"The deal fell through","label.ru":"Сделка сорвалась","value":"fell_through"}],"validate":{"required":true},"properties":{"label.ru":"Чем закончилось?"},"layout":{"row":"row_field_outcome","columns":null}},{"type":"select","id":"field_model","key":"model","label":"Model sold","values":[],"validate":{"required":true},"conditional":{"hide":"=outcome != \"delivered\""},"properties":{"label.ru":"Проданная модель","source":"vehicles.models"},"layout":{"row":"row_field_model","columns":null}},{"type":"number","id":"field_price","key":"price","label":"Price","validate":{"required":true,"min":0,"max":999999999},"conditional":{"hide":"=outcome != \"delivered\""},"decimalDigits":2,"appearance":{"suffixAdorner":"₽"},"properties":{"label.ru":"Цена"},"layout":{"row":"row_field_price","columns":null}},{"type":"textfield","id":"field_contract_number","key":"contract_number","label":"Contract number","validate":{"required":true,"maxLength":40},"conditional":{"hide":"=outcome != \"delivered\""},"properties":{"label.ru":"Номер договора"},"layout":{"row":"row_field_contract_number","columns":null}},{"type":"datetime","id":"field_delivered_on","key":"delivered_on","label":"Delivered on","validate":{"required":true},"conditional":{"hide":"=outcome != \"delivered\""},"dateLabel":"Delivered on","subtype":"date","properties":{"label.ru":"Дата выдачи","dateLabel.ru":"Дата выдачи"},"layout":{"row":"row_field_delivered_on","columns":null}},{"type":"datetime","id":"field_next_contact_at","key":"next_contact_at","label":"Next contact","conditional":{"hide":"=outcome != \"fell_through\""},"dateLabel":"Next contact","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Следующий контакт","dateLabel.ru":"Следующий контакт","timeLabel.ru":"Время"},"layout":{"row":"row_field_next_contact_at","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/record_sale","name":"Record the sale","properties":{"name.ru":"Оформление продажи"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(8,'sales/refused',1,'8b634adc0019197a324e275107bfc8c9cb0f0db4c49839ed5bbde297ab1506d1','{"components":[{"type":"select","id":"field_refusal_reason","key":"refusal_reason","label":"Reason","values":[],"validate":{"required":true},"properties":{"label.ru":"Причина отказа","source":"sales.refusal_reasons"},"layout":{"row":"row_field_refusal_reason","columns":null}},{"type":"select","id":"field_competitor","key":"competitor","label":"Which competitor?","values":[],"validate":{"required":true},"conditional":{"hide":"=not(refusal_reason in [\"bought_competitor_brand\", \"bought_same_brand_other_dealer\", \"bought_used\"])"},"properties":{"label.ru":"Какой конкурент?","source":"sales.competitors"},"layout":{"row":"row_field_competitor","columns":null}},{"type":"number","id":"field_competitor_price","key":"competitor_price","label":"Price there","validate":{"min":0,"max":999999999},"conditional":{"hide":"=not(refusal_reason in [\"bought_competitor_brand\", \"bought_same_brand_other_dealer\", \"bought_used\"])"},"decimalDigits":2,"appearance":{"suffixAdorner":"₽"},"properties":{"label.ru":"Цена у конкурента"},"layout":{"row":"row_field_competitor_price","columns":null}},{"type":"textarea","id":"field_other_reason","key":"other_reason","label":"Which other reason?","validate":{"required":true,"maxLength":2000},"conditional":{"hide":"=refusal_reason != \"other\""},"properties":{"label.ru":"Какая другая причина?"},"layout":{"row":"row_field_other_reason","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"In the customer’s words","validate":{"maxLength":2000},"conditional":{"hide":"=refusal_reason = \"other\""},"properties":{"label.ru":"Словами клиента"},"layout":{"row":"row_field_comment","columns":null}},{"type":"radio","id":"field_allow_future_contact","key":"allow_future_contact","label":"May we contact him later?","values":[{"label":"Yes","label.ru":"Да","value":"yes"},{"label":"No","label.ru":"Нет","value":"no"}],"validate":{"required":true},"properties":{"label.ru":"Можно обратиться позже?"},"layout":{"row":"row_field_allow_future_contact","columns":null}}],"type":"default","id":"sales/refused","name":"Customer refused","properties":{"name.ru":"Клиент отказался"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(9,'sales/review_follow_up',1,'6005f65a7518a7739114683f29f00e008ddb7a18849ac6d0ee7a8ff4dc7e01e2','{"components":[{"type":"radio","id":"field_decision","key":"decision","label":"Decision","values":[{"label":"Go on","label.ru":"Продолжить","value":"continue"},{"label":"Close the worksheet","label.ru":"Закрыть рабочий лист","value":"give_up"}],"validate":{"required":true},"properties":{"label.ru":"Решение"},"layout":{"row":"row_field_decision","columns":null}},{"type":"datetime","id":"field_next_contact_at","key":"next_contact_at","label":"Next contact","validate":{"required":true},"conditional":{"hide":"=decision != \"continue\""},"dateLabel":"Next contact","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Следующий контакт","dateLabel.ru":"Следующий контакт","timeLabel.ru":"Время"},"layout":{"row":"row_field_next_contact_at","columns":null}},{"type":"textarea","id":"field_instruction","key":"instruction","label":"Instruction to the manager","validate":{"required":true,"maxLength":2000},"conditional":{"hide":"=decision != \"continue\""},"properties":{"label.ru":"Указание менеджеру"},"layout":{"row":"row_field_instruction","columns":null}},{"type":"radio","id":"field_lost_reason","key":"lost_reason","label":"Why is the customer lost?","values":[{"label":"No answer","label.ru":"Не отвечает","value":"no_answer"},{"label":"Bought elsewhere","label.ru":"Купил в другом месте","value":"bought_elsewhere_silently"},{"label":"Our own failure","label.ru":"Наша ошибка","value":"our_process_failure"},{"label":"Wrong contact","label.ru":"Неверный контакт","value":"invalid_contact"}],"validate":{"required":true},"conditional":{"hide":"=decision != \"give_up\""},"properties":{"label.ru":"Почему клиент потерян?"},"layout":{"row":"row_field_lost_reason","columns":null}}],"type":"default","id":"sales/review_follow_up","name":"Decide about the follow-up","properties":{"name.ru":"Решение по повторным контактам"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(10,'sales/review_refusal',1,'c58b5540758168834d88831587885ac3f5552db92c9384a8cfdf936708e96d9d','{"components":[{"type":"radio","id":"field_decision","key":"decision","label":"Decision","values":[{"label":"Return to work","label.ru":"Вернуть в работу","value":"return"},{"label":"Confirm and close","label.ru":"Подтвердить и закрыть","value":"confirm"}],"validate":{"required":true},"properties":{"label.ru":"Решение"},"layout":{"row":"row_field_decision","columns":null}},{"type":"datetime","id":"field_next_contact_at","key":"next_contact_at","label":"Next contact","validate":{"required":true},"conditional":{"hide":"=decision != \"return\""},"dateLabel":"Next contact","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Следующий контакт","dateLabel.ru":"Следующий контакт","timeLabel.ru":"Время"},"layout":{"row":"row_field_next_contact_at","columns":null}},{"type":"textarea","id":"field_instruction","key":"instruction","label":"Instruction to the manager","validate":{"required":true,"maxLength":2000},"conditional":{"hide":"=decision != \"return\""},"properties":{"label.ru":"Указание менеджеру"},"layout":{"row":"row_field_instruction","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"conditional":{"hide":"=decision != \"confirm\""},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/review_refusal","name":"Confirm the refusal","properties":{"name.ru":"Подтверждение отказа"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(11,'sales/welcome',1,'1fa496b2c1a0b5df1a1191f8b425862b15aa26cec4a3ca0d436bff6eac265774','{"components":[{"type":"radio","id":"field_outcome","key":"outcome","label":"How did it go?","values":[{"label":"Talks to the manager","label.ru":"Общается с менеджером","value":"continue"},{"label":"Only looks round, gives no contact","label.ru":"Просто смотрит, контакт не оставил","value":"look_only"},{"label":"Comes another time","label.ru":"Приедет в другое время","value":"moved"},{"label":"Will not come","label.ru":"Не приедет","value":"not_coming"}],"validate":{"required":true},"properties":{"label.ru":"Как прошла встреча?"},"layout":{"row":"row_field_outcome","columns":null}},{"type":"datetime","id":"field_new_visit_at","key":"new_visit_at","label":"New date of the visit","validate":{"required":true},"conditional":{"hide":"=outcome != \"moved\""},"dateLabel":"New date of the visit","timeLabel":"Time","timeSerializingFormat":"utc_offset","timeInterval":15,"use24h":true,"subtype":"datetime","disallowPassedDates":true,"properties":{"label.ru":"Новая дата визита","dateLabel.ru":"Новая дата визита","timeLabel.ru":"Время"},"layout":{"row":"row_field_new_visit_at","columns":null}},{"type":"radio","id":"field_first_visit","key":"first_visit","label":"First visit?","values":[{"label":"Yes","label.ru":"Да","value":"yes"},{"label":"No","label.ru":"Нет","value":"no"}],"validate":{"required":true},"conditional":{"hide":"=outcome != \"continue\" and outcome != \"look_only\""},"properties":{"label.ru":"Впервые у нас?"},"layout":{"row":"row_field_first_visit","columns":null}},{"type":"select","id":"field_purpose","key":"purpose","label":"Purpose","values":[{"label":"New car","label.ru":"Новый автомобиль","value":"new_car"},{"label":"Used car","label.ru":"Автомобиль с пробегом","value":"used_car"},{"label":"Trade-in valuation","label.ru":"Оценка trade-in","value":"trade_in"},{"label":"Test drive","label.ru":"Тест-драйв","value":"test_drive"},{"label":"Service","label.ru":"Сервис","value":"service"},{"label":"Parts and accessories","label.ru":"Запчасти и аксессуары","value":"parts"},{"label":"Documents","label.ru":"Документы","value":"documents"},{"label":"Complaint","label.ru":"Жалоба","value":"complaint"},{"label":"Other","label.ru":"Другое","value":"other"}],"validate":{"required":true},"conditional":{"hide":"=outcome != \"continue\" and outcome != \"look_only\""},"properties":{"label.ru":"Цель визита"},"layout":{"row":"row_field_purpose","columns":null}},{"type":"number","id":"field_companions","key":"companions","label":"People with the guest","validate":{"min":0,"max":20},"conditional":{"hide":"=outcome != \"continue\" and outcome != \"look_only\""},"defaultValue":0,"decimalDigits":0,"properties":{"label.ru":"Сопровождающих"},"layout":{"row":"row_field_companions","columns":null}},{"type":"textfield","id":"field_arrived_on","key":"arrived_on","label":"Arrived in (current car)","validate":{"maxLength":120},"conditional":{"hide":"=outcome != \"continue\" and outcome != \"look_only\""},"properties":{"label.ru":"На чём приехал"},"layout":{"row":"row_field_arrived_on","columns":null}},{"type":"select","id":"field_source","key":"source","label":"How did you hear about us?","description":"For a guest without an earlier inquiry","values":[],"conditional":{"hide":"=first_visit != \"yes\" or (outcome != \"continue\" and outcome != \"look_only\")"},"properties":{"label.ru":"Откуда узнали о нас?","description.ru":"Если раньше не обращался","source":"inquiries.sources"},"layout":{"row":"row_field_source","columns":null}},{"type":"select","id":"field_handed_to","key":"handed_to","label":"Handed to","values":[],"validate":{"required":true},"conditional":{"hide":"=outcome != \"continue\""},"properties":{"label.ru":"Передан менеджеру","source":"sales.managers"},"layout":{"row":"row_field_handed_to","columns":null}},{"type":"textarea","id":"field_comment","key":"comment","label":"Comment","validate":{"maxLength":2000},"properties":{"label.ru":"Комментарий"},"layout":{"row":"row_field_comment","columns":null}}],"type":"default","id":"sales/welcome","name":"Welcome at the showroom","properties":{"name.ru":"Встреча в салоне"},"schemaVersion":19}','2026-11-21 06:00:00.000000',1),
(12,'watching/watch',1,'dbe5646dcb5cc02c14b90a65bae1186a58d66235b74b9854e6003341678f69dc','{"type": "default", "id": "watching/watch", "name": "Customer lost", "properties": {"name.ru": "Клиент потерян"}, "schemaVersion": 19, "components": [{"type": "textfield", "id": "field_seen", "key": "seen", "label": "What was seen?", "properties": {"label.ru": "Что видно?"}}]}','2026-11-28 01:00:08.384102',2);
INSERT INTO "process_definition" (id, "key", version, checksum, source, xml, calls, published_at, deployment_id) VALUES
(1,'sales_worksheet',1,'5b404b7299b24a0d2e0a238bdf055edb70dd475dc52aeee19c2de9d0f579fda8','processes/sales/sales_worksheet.bpmn','<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:modeler="http://camunda.org/schema/modeler/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="sales_worksheet_definitions" targetNamespace="http://bpmn.io/schema/bpmn" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0">
  <bpmn:process id="sales_worksheet" name="Sales worksheet" isExecutable="true">
    <bpmn:extensionElements>
      <zeebe:properties>
        <zeebe:property name="name.ru" value="Рабочий лист" />
        <zeebe:property name="milestones" value="contact, visit?, worksheet, delivered" />
        <zeebe:property name="calendar" value="sales" />
        <zeebe:property name="subject" value="sales.worksheet" />
        <zeebe:property name="dimensions" value="source: =if first_answer.source != null then first_answer.source else inquiry_registered.source; model: =if needs_analysis.interest_model != null then needs_analysis.interest_model else if first_answer.interest_model != null then first_answer.interest_model else inquiry_registered.model; channel: =inquiry_registered.channel" />
      </zeebe:properties>
    </bpmn:extensionElements>
    <bpmn:startEvent id="inquiry_registered" name="Inquiry registered">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Обращение зарегистрировано" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:outgoing>inquiry_to_contact</bpmn:outgoing>
      <bpmn:messageEventDefinition id="inquiry_registered_message" messageRef="message_inquiry_registered" />
    </bpmn:startEvent>
    <bpmn:intermediateThrowEvent id="contact_made" name="Contact">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Обращение" />
          <zeebe:property name="milestone" value="contact" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>inquiry_to_contact</bpmn:incoming>
      <bpmn:outgoing>contact_to_deal</bpmn:outgoing>
    </bpmn:intermediateThrowEvent>
    <bpmn:subProcess id="deal" name="From first contact to sale">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="От первого контакта до продажи" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>contact_to_deal</bpmn:incoming>
      <bpmn:incoming>returned_to_work</bpmn:incoming>
      <bpmn:outgoing>deal_ended</bpmn:outgoing>
      <bpmn:startEvent id="deal_entered">
        <bpmn:outgoing>deal_to_gate</bpmn:outgoing>
      </bpmn:startEvent>
      <bpmn:exclusiveGateway id="where_to" name="What comes first?" default="to_follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="С чего начать?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>deal_to_gate</bpmn:incoming>
        <bpmn:outgoing>to_visit</bpmn:outgoing>
        <bpmn:outgoing>to_first_answer</bpmn:outgoing>
        <bpmn:outgoing>to_follow_up</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:serviceTask id="plan_visit" name="Plan the visit">
        <bpmn:extensionElements>
          <zeebe:taskDefinition type="sales.plan_visit" />
          <zeebe:properties>
            <zeebe:property name="name.ru" value="План визита" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>to_visit</bpmn:incoming>
        <bpmn:incoming>plan_again</bpmn:incoming>
        <bpmn:incoming>visit_moved</bpmn:incoming>
        <bpmn:incoming>absentee_to_visit</bpmn:incoming>
        <bpmn:incoming>answered_to_visit</bpmn:incoming>
        <bpmn:incoming>follow_up_to_visit</bpmn:incoming>
        <bpmn:outgoing>visit_planned</bpmn:outgoing>
      </bpmn:serviceTask>
      <bpmn:exclusiveGateway id="guest_here" name="Is the guest already here?" default="guest_expected">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Гость уже в салоне?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>visit_planned</bpmn:incoming>
        <bpmn:outgoing>guest_expected</bpmn:outgoing>
        <bpmn:outgoing>guest_waits</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:userTask id="confirm_visit" name="Invite and confirm the visit">
        <bpmn:extensionElements>
          <zeebe:userTask />
          <zeebe:formDefinition formId="sales/confirm_visit" />
          <zeebe:assignmentDefinition assignee="=case.owner" candidateGroups="sales_manager" />
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Подтверждение визита" />
            <zeebe:property name="prompt" value="“We confirm the meeting on {date} at {time}. The {model} will be ready. Please bring your driving licence so that you can take a test drive.” Ask who comes along and what to prepare." />
            <zeebe:property name="prompt.ru" value="«Подтверждаем встречу {date} в {time}. Автомобиль {model} будет готов к показу. Возьмите, пожалуйста, водительское удостоверение — сможете сразу пройти тест-драйв». Уточните, кто приедет вместе с клиентом и что подготовить." />
            <zeebe:property name="due" value="=plan_visit.confirm_by" />
            <zeebe:property name="reminders" value="-PT30M, PT0S" />
            <zeebe:property name="escalate" value="150% min PT1H max P1D to head" />
            <zeebe:property name="skip" value="allowed" />
            <zeebe:property name="onComplete" value="sales.record_confirmation" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>guest_expected</bpmn:incoming>
        <bpmn:outgoing>confirm_to_gate</bpmn:outgoing>
      </bpmn:userTask>
      <bpmn:exclusiveGateway id="visit_confirmed" name="Will the guest come?" default="guest_will_come">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Гость приедет?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>confirm_to_gate</bpmn:incoming>
        <bpmn:outgoing>guest_will_come</bpmn:outgoing>
        <bpmn:outgoing>plan_again</bpmn:outgoing>
        <bpmn:outgoing>visit_cancelled</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:userTask id="welcome" name="Welcome at the showroom">
        <bpmn:extensionElements>
          <zeebe:userTask />
          <zeebe:formDefinition formId="sales/welcome" />
          <zeebe:assignmentDefinition candidateGroups="receptionist" />
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Встреча в салоне" />
            <zeebe:property name="prompt" value="“Welcome! Is it your first visit? Coffee, tea? What brings you here today?” Introduce the guest to the manager by name." />
            <zeebe:property name="prompt.ru" value="«Здравствуйте! Вы у нас впервые? Кофе, чай? Расскажите, что привело вас к нам сегодня». Представьте гостю менеджера по имени." />
            <zeebe:property name="due" value="=plan_visit.visit_at" />
            <zeebe:property name="reminders" value="-PT30M, PT0S" />
            <zeebe:property name="escalate" value="PT15M to sales_head" />
            <zeebe:property name="priority" value="70" />
            <zeebe:property name="onComplete" value="sales.record_welcome" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>guest_waits</bpmn:incoming>
        <bpmn:incoming>guest_will_come</bpmn:incoming>
        <bpmn:outgoing>welcome_to_gate</bpmn:outgoing>
      </bpmn:userTask>
      <bpmn:boundaryEvent id="visit_missed" name="Half an hour late" attachedToRef="welcome">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Опоздание на полчаса" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:outgoing>missed_to_call</bpmn:outgoing>
        <bpmn:timerEventDefinition id="visit_missed_timer">
          <bpmn:timeDate xsi:type="bpmn:tFormalExpression">=plan_visit.missed_at</bpmn:timeDate>
        </bpmn:timerEventDefinition>
      </bpmn:boundaryEvent>
      <bpmn:exclusiveGateway id="guest_came" name="Has the guest come?" default="guest_arrived">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Гость пришёл?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>welcome_to_gate</bpmn:incoming>
        <bpmn:outgoing>guest_arrived</bpmn:outgoing>
        <bpmn:outgoing>visit_moved</bpmn:outgoing>
        <bpmn:outgoing>guest_not_coming</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:intermediateThrowEvent id="visit_made" name="Visit">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Визит" />
            <zeebe:property name="milestone" value="visit" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>guest_arrived</bpmn:incoming>
        <bpmn:outgoing>visit_to_gate</bpmn:outgoing>
      </bpmn:intermediateThrowEvent>
      <bpmn:exclusiveGateway id="guest_stays" name="Is the guest ready to talk?" default="guest_talks">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Готов ли гость к разговору?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>visit_to_gate</bpmn:incoming>
        <bpmn:outgoing>guest_talks</bpmn:outgoing>
        <bpmn:outgoing>guest_only_looks</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:endEvent id="looked_only" name="Only looked round">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Только посмотрел" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>guest_only_looks</bpmn:incoming>
      </bpmn:endEvent>
      <bpmn:userTask id="needs_analysis" name="Analyse the needs">
        <bpmn:extensionElements>
          <zeebe:userTask />
          <zeebe:formDefinition formId="sales/needs_analysis" />
          <zeebe:assignmentDefinition assignee="=case.owner" candidateGroups="sales_manager" />
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Выявление потребностей" />
            <zeebe:property name="prompt" value="Open questions, in this order: What do you drive now, what do you like and dislike about it? Who will drive, how many passengers? City, motorway or off-road? Yearly mileage? What matters most: safety, dynamics, economy, space, comfort, prestige? Which other brands are you looking at? When do you plan to buy and how will you pay? Who else decides?" />
            <zeebe:property name="prompt.ru" value="Открытые вопросы по порядку: На чём ездите сейчас и что в нём нравится и не нравится? Кто будет за рулём, сколько человек обычно в машине? Где ездите: город, трасса, бездорожье? Какой годовой пробег? Что для вас главное: безопасность, динамика, экономичность, вместимость, комфорт, престиж? Какие ещё марки рассматриваете? Когда планируете покупку и как будете платить? Кто ещё участвует в решении?" />
            <zeebe:property name="due" value="=welcome.needs_by" />
            <zeebe:property name="reminders" value="-PT30M, PT0S" />
            <zeebe:property name="escalate" value="150% min PT1H max P1D to head" />
            <zeebe:property name="onComplete" value="sales.record_needs" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>guest_talks</bpmn:incoming>
        <bpmn:outgoing>needs_to_milestone</bpmn:outgoing>
      </bpmn:userTask>
      <bpmn:intermediateThrowEvent id="worksheet_opened" name="Worksheet">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Рабочий лист" />
            <zeebe:property name="milestone" value="worksheet" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>needs_to_milestone</bpmn:incoming>
        <bpmn:outgoing>worksheet_to_follow_up</bpmn:outgoing>
      </bpmn:intermediateThrowEvent>
      <bpmn:userTask id="call_absentee" name="Call the absentee">
        <bpmn:extensionElements>
          <zeebe:userTask />
          <zeebe:formDefinition formId="sales/call_absentee" />
          <zeebe:assignmentDefinition assignee="=case.owner" candidateGroups="sales_manager" />
          <zeebe:properties>
            <zeebe:property name="stepList" value="when active" />
            <zeebe:property name="name.ru" value="Звонок не приехавшему" />
            <zeebe:property name="prompt" value="“We were expecting you today and kept the car ready. Has anything happened? Which day suits you better?” No reproach: offer two exact times." />
            <zeebe:property name="prompt.ru" value="«Ждали вас сегодня, автомобиль подготовили. Всё ли в порядке? Какой день вам удобнее?» Без упрёков: предложите два конкретных времени." />
            <zeebe:property name="due" value="PT1H" />
            <zeebe:property name="reminders" value="-PT30M, PT0S" />
            <zeebe:property name="escalate" value="150% min PT1H max P1D to head" />
            <zeebe:property name="skip" value="allowed" />
            <zeebe:property name="onComplete" value="sales.record_absentee_call" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>missed_to_call</bpmn:incoming>
        <bpmn:outgoing>absentee_called</bpmn:outgoing>
      </bpmn:userTask>
      <bpmn:exclusiveGateway id="absentee_result" name="Is a new time agreed?" default="absentee_to_follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Новое время назначено?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>absentee_called</bpmn:incoming>
        <bpmn:outgoing>absentee_to_visit</bpmn:outgoing>
        <bpmn:outgoing>absentee_to_follow_up</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:userTask id="first_answer" name="Answer the inquiry">
        <bpmn:extensionElements>
          <zeebe:userTask />
          <zeebe:formDefinition formId="sales/first_answer" />
          <zeebe:assignmentDefinition candidateGroups="call_operator" />
          <zeebe:properties>
            <zeebe:property name="stepList" value="when active" />
            <zeebe:property name="name.ru" value="Ответ на обращение" />
            <zeebe:property name="prompt" value="“Good day, {centre}, my name is {user}. How may I address you? Which car are you interested in? May I ask how you heard about us?”" />
            <zeebe:property name="prompt.ru" value="«Добрый день! Автоцентр {centre}, меня зовут {user}. Как я могу к вам обращаться? Какой автомобиль вас интересует? Подскажите, откуда вы о нас узнали?»" />
            <zeebe:property name="due" value="PT10M" />
            <zeebe:property name="reminders" value="-PT5M, PT0S" />
            <zeebe:property name="escalate" value="PT10M to head; PT20M to sales_head" />
            <zeebe:property name="priority" value="90" />
            <zeebe:property name="onComplete" value="sales.record_first_answer" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>to_first_answer</bpmn:incoming>
        <bpmn:outgoing>answer_to_gate</bpmn:outgoing>
      </bpmn:userTask>
      <bpmn:exclusiveGateway id="answer_result" name="What was agreed?" default="answered_to_follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="О чём договорились?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>answer_to_gate</bpmn:incoming>
        <bpmn:outgoing>answered_to_visit</bpmn:outgoing>
        <bpmn:outgoing>answered_to_follow_up</bpmn:outgoing>
        <bpmn:outgoing>answered_not_a_lead</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:endEvent id="not_a_lead" name="Not an inquiry for sales">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Обращение не в отдел продаж" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>answered_not_a_lead</bpmn:incoming>
      </bpmn:endEvent>
      <bpmn:subProcess id="follow_up" name="Follow-up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Повторные контакты" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>to_follow_up</bpmn:incoming>
        <bpmn:incoming>visit_cancelled</bpmn:incoming>
        <bpmn:incoming>guest_not_coming</bpmn:incoming>
        <bpmn:incoming>worksheet_to_follow_up</bpmn:incoming>
        <bpmn:incoming>absentee_to_follow_up</bpmn:incoming>
        <bpmn:incoming>answered_to_follow_up</bpmn:incoming>
        <bpmn:incoming>sale_fell_through</bpmn:incoming>
        <bpmn:outgoing>follow_up_ended</bpmn:outgoing>
        <bpmn:startEvent id="follow_up_entered">
          <bpmn:outgoing>follow_up_to_plan</bpmn:outgoing>
        </bpmn:startEvent>
        <bpmn:serviceTask id="plan_next_contact" name="Plan the next contact">
          <bpmn:extensionElements>
            <zeebe:taskDefinition type="sales.plan_follow_up" />
            <zeebe:properties>
              <zeebe:property name="name.ru" value="План следующего контакта" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:incoming>follow_up_to_plan</bpmn:incoming>
          <bpmn:incoming>contact_goes_on</bpmn:incoming>
          <bpmn:incoming>review_continue</bpmn:incoming>
          <bpmn:outgoing>plan_to_gate</bpmn:outgoing>
        </bpmn:serviceTask>
        <bpmn:exclusiveGateway id="plan_exhausted" name="Is the plan used up?" default="contact_planned">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="План контактов исчерпан?" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:incoming>plan_to_gate</bpmn:incoming>
          <bpmn:outgoing>contact_planned</bpmn:outgoing>
          <bpmn:outgoing>plan_used_up</bpmn:outgoing>
        </bpmn:exclusiveGateway>
        <bpmn:userTask id="follow_up_call" name="Make the follow-up contact">
          <bpmn:extensionElements>
            <zeebe:userTask />
            <zeebe:formDefinition formId="sales/follow_up_call" />
            <zeebe:assignmentDefinition assignee="=case.owner" candidateGroups="sales_manager" />
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Повторный контакт" />
              <zeebe:property name="prompt" value="Do not ask “Have you decided?”. Always call with a reason: an answer to his question, a new car in stock, a changed price, an invitation to a test drive. Finish with an agreed date of the next contact." />
              <zeebe:property name="prompt.ru" value="Не спрашивайте «Надумали?». Дайте повод: ответ на вопрос клиента, новая комплектация, изменение цены, приглашение на тест-драйв. В конце назначьте дату следующего контакта." />
              <zeebe:property name="due" value="=plan_next_contact.next_at" />
              <zeebe:property name="reminders" value="-PT2H30M, PT0S" />
              <zeebe:property name="escalate" value="150% min PT1H max P1D to head" />
              <zeebe:property name="onComplete" value="sales.record_follow_up" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:incoming>contact_planned</bpmn:incoming>
          <bpmn:outgoing>call_to_gate</bpmn:outgoing>
        </bpmn:userTask>
        <bpmn:exclusiveGateway id="contact_result" name="Does the follow-up go on?" default="follow_up_over">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Продолжаем контакты?" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:incoming>call_to_gate</bpmn:incoming>
          <bpmn:outgoing>contact_goes_on</bpmn:outgoing>
          <bpmn:outgoing>follow_up_over</bpmn:outgoing>
        </bpmn:exclusiveGateway>
        <bpmn:endEvent id="follow_up_done" name="Follow-up is over">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Контакты завершены" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:incoming>follow_up_over</bpmn:incoming>
        </bpmn:endEvent>
        <bpmn:userTask id="review_follow_up" name="Decide about the follow-up">
          <bpmn:extensionElements>
            <zeebe:userTask />
            <zeebe:formDefinition formId="sales/review_follow_up" />
            <zeebe:assignmentDefinition candidateGroups="sales_head" />
            <zeebe:properties>
            <zeebe:property name="stepList" value="when active" />
              <zeebe:property name="name.ru" value="Решение по контактам" />
              <zeebe:property name="prompt" value="All planned contacts are used up and the customer has not decided. Read the chronicle. Is there a reason to go on, another car, another manager? Give a date and an instruction, or close the worksheet." />
              <zeebe:property name="prompt.ru" value="Все запланированные контакты использованы, решения у клиента нет. Просмотрите хронику. Есть ли повод продолжать: другой автомобиль, другой менеджер? Назначьте дату и дайте указание или закройте рабочий лист." />
              <zeebe:property name="due" value="P1D" />
              <zeebe:property name="reminders" value="-PT30M, PT0S" />
              <zeebe:property name="escalate" value="150% min PT1H max P1D to head" />
              <zeebe:property name="onComplete" value="sales.record_follow_up_review" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:incoming>plan_used_up</bpmn:incoming>
          <bpmn:outgoing>review_to_gate</bpmn:outgoing>
        </bpmn:userTask>
        <bpmn:exclusiveGateway id="review_result" name="Do we go on?" default="review_continue">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Продолжаем?" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:incoming>review_to_gate</bpmn:incoming>
          <bpmn:outgoing>review_give_up</bpmn:outgoing>
          <bpmn:outgoing>review_continue</bpmn:outgoing>
        </bpmn:exclusiveGateway>
        <bpmn:endEvent id="given_up" name="Given up">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Прекращаем" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:incoming>review_give_up</bpmn:incoming>
        </bpmn:endEvent>
        <bpmn:sequenceFlow id="follow_up_to_plan" sourceRef="follow_up_entered" targetRef="plan_next_contact" />
        <bpmn:sequenceFlow id="plan_to_gate" sourceRef="plan_next_contact" targetRef="plan_exhausted" />
        <bpmn:sequenceFlow id="contact_planned" name="No" sourceRef="plan_exhausted" targetRef="follow_up_call">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Нет" />
            </zeebe:properties>
          </bpmn:extensionElements>
        </bpmn:sequenceFlow>
        <bpmn:sequenceFlow id="plan_used_up" name="Yes, the head decides" sourceRef="plan_exhausted" targetRef="review_follow_up">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Да, решает руководитель" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=plan_next_contact.exhausted = true</bpmn:conditionExpression>
        </bpmn:sequenceFlow>
        <bpmn:sequenceFlow id="call_to_gate" sourceRef="follow_up_call" targetRef="contact_result" />
        <bpmn:sequenceFlow id="contact_goes_on" name="Next contact" sourceRef="contact_result" targetRef="plan_next_contact">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Следующий контакт" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=follow_up_call.outcome = "next_contact" or (follow_up_call.outcome = "not_reached" and not(follow_up_call.limit_reached = true))</bpmn:conditionExpression>
        </bpmn:sequenceFlow>
        <bpmn:sequenceFlow id="follow_up_over" name="Visit, purchase or not reached five times" sourceRef="contact_result" targetRef="follow_up_done">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Визит, покупка или пять недозвонов" />
            </zeebe:properties>
          </bpmn:extensionElements>
        </bpmn:sequenceFlow>
        <bpmn:sequenceFlow id="review_to_gate" sourceRef="review_follow_up" targetRef="review_result" />
        <bpmn:sequenceFlow id="review_give_up" name="Close" sourceRef="review_result" targetRef="given_up">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Закрыть" />
            </zeebe:properties>
          </bpmn:extensionElements>
          <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=review_follow_up.decision = "give_up"</bpmn:conditionExpression>
        </bpmn:sequenceFlow>
        <bpmn:sequenceFlow id="review_continue" name="Go on" sourceRef="review_result" targetRef="plan_next_contact">
          <bpmn:extensionElements>
            <zeebe:properties>
              <zeebe:property name="name.ru" value="Продолжить" />
            </zeebe:properties>
          </bpmn:extensionElements>
        </bpmn:sequenceFlow>
      </bpmn:subProcess>
      <bpmn:exclusiveGateway id="after_follow_up" name="What came of it?" default="follow_up_failed">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="К чему пришли?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>follow_up_ended</bpmn:incoming>
        <bpmn:outgoing>follow_up_to_visit</bpmn:outgoing>
        <bpmn:outgoing>follow_up_to_sale</bpmn:outgoing>
        <bpmn:outgoing>follow_up_failed</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:endEvent id="lost_in_follow_up" name="Lost in follow-up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Потерян" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>follow_up_failed</bpmn:incoming>
      </bpmn:endEvent>
      <bpmn:userTask id="record_sale" name="Record the sale">
        <bpmn:extensionElements>
          <zeebe:userTask />
          <zeebe:formDefinition formId="sales/record_sale" />
          <zeebe:assignmentDefinition assignee="=case.owner" candidateGroups="sales_manager" />
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Оформление продажи" />
            <zeebe:property name="prompt" value="Agree price and delivery, sign the contract, hand the car over by the checklist. When the customer has driven away, record model, price, contract number and the day of delivery." />
            <zeebe:property name="prompt.ru" value="Согласуйте цену и выдачу, подпишите договор, передайте автомобиль по чек-листу. Когда клиент уехал на новом автомобиле, внесите модель, цену, номер договора и дату выдачи." />
            <zeebe:property name="due" value="P5D" />
            <zeebe:property name="reminders" value="-PT30M, PT0S" />
            <zeebe:property name="escalate" value="150% min PT1H max P1D to head" />
            <zeebe:property name="onComplete" value="sales.record_sale" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>follow_up_to_sale</bpmn:incoming>
        <bpmn:outgoing>sale_to_gate</bpmn:outgoing>
      </bpmn:userTask>
      <bpmn:exclusiveGateway id="sale_done" name="Is the car handed over?" default="sale_fell_through">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Автомобиль выдан?" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>sale_to_gate</bpmn:incoming>
        <bpmn:outgoing>sale_is_done</bpmn:outgoing>
        <bpmn:outgoing>sale_fell_through</bpmn:outgoing>
      </bpmn:exclusiveGateway>
      <bpmn:intermediateThrowEvent id="car_delivered" name="Delivered">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Выдан" />
            <zeebe:property name="milestone" value="delivered" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>sale_is_done</bpmn:incoming>
        <bpmn:outgoing>delivered_to_end</bpmn:outgoing>
      </bpmn:intermediateThrowEvent>
      <bpmn:endEvent id="sold" name="Sold">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Продан" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:incoming>delivered_to_end</bpmn:incoming>
      </bpmn:endEvent>
      <bpmn:sequenceFlow id="deal_to_gate" sourceRef="deal_entered" targetRef="where_to" />
      <bpmn:sequenceFlow id="to_visit" name="The guest is here, or a visit is agreed" sourceRef="where_to" targetRef="plan_visit">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Гость в салоне или визит назначен" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=not(review_refusal.decision = "return") and not(inquiry_registered.answered = false) and (inquiry_registered.walk_in = true or inquiry_registered.visit_at != null)</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="to_first_answer" name="Nobody has answered yet" sourceRef="where_to" targetRef="first_answer">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Ещё никто не ответил" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=not(review_refusal.decision = "return") and inquiry_registered.answered = false</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="to_follow_up" name="No visit agreed yet, or returned by the head" sourceRef="where_to" targetRef="follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Визит не назначен или лист вернул руководитель" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="visit_planned" sourceRef="plan_visit" targetRef="guest_here" />
      <bpmn:sequenceFlow id="guest_expected" name="No" sourceRef="guest_here" targetRef="confirm_visit">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Нет" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="guest_waits" name="Yes" sourceRef="guest_here" targetRef="welcome">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Да" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=plan_visit.here = true</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="confirm_to_gate" sourceRef="confirm_visit" targetRef="visit_confirmed" />
      <bpmn:sequenceFlow id="guest_will_come" name="Yes" sourceRef="visit_confirmed" targetRef="welcome">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Да" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="plan_again" name="Another time, or call again" sourceRef="visit_confirmed" targetRef="plan_visit">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Другое время или перезвонить" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=confirm_visit.outcome = "moved" or (confirm_visit.outcome = "no_answer" and confirm_visit.retry = true)</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="visit_cancelled" name="Cancelled" sourceRef="visit_confirmed" targetRef="follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Отменил" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=confirm_visit.outcome = "cancelled"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="welcome_to_gate" sourceRef="welcome" targetRef="guest_came" />
      <bpmn:sequenceFlow id="guest_arrived" name="Yes" sourceRef="guest_came" targetRef="visit_made">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Да" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="visit_moved" name="Another time" sourceRef="guest_came" targetRef="plan_visit">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Другое время" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=welcome.outcome = "moved"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="guest_not_coming" name="Will not come" sourceRef="guest_came" targetRef="follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Не приедет" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=welcome.outcome = "not_coming"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="visit_to_gate" sourceRef="visit_made" targetRef="guest_stays" />
      <bpmn:sequenceFlow id="guest_talks" name="Yes" sourceRef="guest_stays" targetRef="needs_analysis">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Да" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="guest_only_looks" name="Gives no contact" sourceRef="guest_stays" targetRef="looked_only">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Контакта не оставил" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=welcome.outcome = "look_only"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="needs_to_milestone" sourceRef="needs_analysis" targetRef="worksheet_opened" />
      <bpmn:sequenceFlow id="worksheet_to_follow_up" sourceRef="worksheet_opened" targetRef="follow_up" />
      <bpmn:sequenceFlow id="missed_to_call" sourceRef="visit_missed" targetRef="call_absentee" />
      <bpmn:sequenceFlow id="absentee_called" sourceRef="call_absentee" targetRef="absentee_result" />
      <bpmn:sequenceFlow id="absentee_to_visit" name="Yes" sourceRef="absentee_result" targetRef="plan_visit">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Да" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=call_absentee.outcome = "visit_agreed"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="absentee_to_follow_up" name="No" sourceRef="absentee_result" targetRef="follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Нет" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="answer_to_gate" sourceRef="first_answer" targetRef="answer_result" />
      <bpmn:sequenceFlow id="answered_to_visit" name="The guest comes" sourceRef="answer_result" targetRef="plan_visit">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Гость приедет" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=first_answer.outcome = "visit_agreed" or first_answer.outcome = "visit_now"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="answered_to_follow_up" name="No visit yet" sourceRef="answer_result" targetRef="follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Визита пока нет" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="answered_not_a_lead" name="Other department or a double" sourceRef="answer_result" targetRef="not_a_lead">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Другой отдел или повтор" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=first_answer.outcome = "wrong_department" or first_answer.outcome = "duplicate"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="follow_up_ended" sourceRef="follow_up" targetRef="after_follow_up" />
      <bpmn:sequenceFlow id="follow_up_to_visit" name="A visit is agreed" sourceRef="after_follow_up" targetRef="plan_visit">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Визит назначен" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=follow_up_call.outcome = "visit_agreed" and not(review_follow_up.decision = "give_up")</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="follow_up_to_sale" name="Buys" sourceRef="after_follow_up" targetRef="record_sale">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Покупает" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=follow_up_call.outcome = "ready" and not(review_follow_up.decision = "give_up")</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="follow_up_failed" name="Nothing more to hope for" sourceRef="after_follow_up" targetRef="lost_in_follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Надежды больше нет" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="sale_to_gate" sourceRef="record_sale" targetRef="sale_done" />
      <bpmn:sequenceFlow id="sale_is_done" name="Yes" sourceRef="sale_done" targetRef="car_delivered">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Да" />
          </zeebe:properties>
        </bpmn:extensionElements>
        <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=record_sale.outcome = "delivered"</bpmn:conditionExpression>
      </bpmn:sequenceFlow>
      <bpmn:sequenceFlow id="delivered_to_end" sourceRef="car_delivered" targetRef="sold" />
      <bpmn:sequenceFlow id="sale_fell_through" name="Fell through" sourceRef="sale_done" targetRef="follow_up">
        <bpmn:extensionElements>
          <zeebe:properties>
            <zeebe:property name="name.ru" value="Сорвалась" />
          </zeebe:properties>
        </bpmn:extensionElements>
      </bpmn:sequenceFlow>
    </bpmn:subProcess>
    <bpmn:exclusiveGateway id="how_it_ended" name="How did it end?" default="ended_without_sale">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Чем закончилось?" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>deal_ended</bpmn:incoming>
      <bpmn:outgoing>ended_with_sale</bpmn:outgoing>
      <bpmn:outgoing>ended_without_sale</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:endEvent id="ended_won" name="Won">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Продажа" />
          <zeebe:property name="outcome" value="won" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>ended_with_sale</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:endEvent id="ended_lost" name="Lost">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Потеря" />
          <zeebe:property name="outcome" value="lost" />
          <zeebe:property name="reason" value="=if review_follow_up.lost_reason != null then review_follow_up.lost_reason else if welcome.outcome = &quot;look_only&quot; or first_answer.outcome = &quot;wrong_department&quot; then &quot;invalid_contact&quot; else if first_answer.outcome = &quot;duplicate&quot; then &quot;duplicate&quot; else &quot;no_answer&quot;" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>ended_without_sale</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:boundaryEvent id="refused" name="Refused" attachedToRef="deal">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Отказ" />
          <zeebe:property name="offer" value="true" />
          <zeebe:property name="form" value="sales/refused" />
          <zeebe:property name="onComplete" value="sales.record_refusal" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:outgoing>refused_to_gate</bpmn:outgoing>
      <bpmn:messageEventDefinition id="refused_message" messageRef="message_worksheet_refused" />
    </bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="lost" name="Lost" attachedToRef="deal">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Потерян" />
          <zeebe:property name="offer" value="true" />
          <zeebe:property name="form" value="sales/lost" />
          <zeebe:property name="onComplete" value="sales.record_loss" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:outgoing>lost_to_gate</bpmn:outgoing>
      <bpmn:messageEventDefinition id="lost_message" messageRef="message_worksheet_lost" />
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="refusal_needs_review" name="Are the needs known?" default="refused_early">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Потребности выявлены?" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>refused_to_gate</bpmn:incoming>
      <bpmn:outgoing>refusal_to_head</bpmn:outgoing>
      <bpmn:outgoing>refused_early</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:exclusiveGateway id="loss_needs_review" name="Are the needs known?" default="lost_early">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Потребности выявлены?" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>lost_to_gate</bpmn:incoming>
      <bpmn:outgoing>loss_to_head</bpmn:outgoing>
      <bpmn:outgoing>lost_early</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:userTask id="review_refusal" name="Confirm the refusal">
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:formDefinition formId="sales/review_refusal" />
        <zeebe:assignmentDefinition candidateGroups="sales_head" />
        <zeebe:properties>
            <zeebe:property name="stepList" value="when active" />
          <zeebe:property name="name.ru" value="Подтверждение отказа" />
          <zeebe:property name="prompt" value="Read the chronicle before you confirm. Was the reason answered? Call the customer yourself if there is a chance: another car, another price, another manager. Return the worksheet with an instruction, or confirm." />
          <zeebe:property name="prompt.ru" value="Прочитайте хронику, прежде чем подтвердить. Отработана ли причина? Если шанс есть, позвоните клиенту сами: другой автомобиль, другая цена, другой менеджер. Верните лист в работу с указанием или подтвердите." />
          <zeebe:property name="due" value="P1D" />
          <zeebe:property name="reminders" value="-PT30M, PT0S" />
          <zeebe:property name="escalate" value="150% min PT1H max P1D to head" />
          <zeebe:property name="onComplete" value="sales.record_refusal_review" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>refusal_to_head</bpmn:incoming>
      <bpmn:incoming>loss_to_head</bpmn:incoming>
      <bpmn:outgoing>refusal_decided</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="refusal_reviewed" name="What did the head decide?" default="loss_confirmed">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Что решил руководитель?" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>refusal_decided</bpmn:incoming>
      <bpmn:outgoing>returned_to_work</bpmn:outgoing>
      <bpmn:outgoing>refusal_confirmed</bpmn:outgoing>
      <bpmn:outgoing>loss_confirmed</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:endEvent id="ended_refused_early" name="Refused">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Отказ" />
          <zeebe:property name="outcome" value="refused" />
          <zeebe:property name="reason" value="=refused.refusal_reason" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>refused_early</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:endEvent id="ended_lost_early" name="Lost">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Потеря" />
          <zeebe:property name="outcome" value="lost" />
          <zeebe:property name="reason" value="=lost.lost_reason" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>lost_early</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:endEvent id="ended_refused" name="Refused">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Отказ" />
          <zeebe:property name="outcome" value="refused" />
          <zeebe:property name="reason" value="=refused.refusal_reason" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>refusal_confirmed</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:endEvent id="ended_lost_reviewed" name="Lost">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Потеря" />
          <zeebe:property name="outcome" value="lost" />
          <zeebe:property name="reason" value="=lost.lost_reason" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>loss_confirmed</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="inquiry_to_contact" sourceRef="inquiry_registered" targetRef="contact_made" />
    <bpmn:sequenceFlow id="contact_to_deal" sourceRef="contact_made" targetRef="deal" />
    <bpmn:sequenceFlow id="deal_ended" sourceRef="deal" targetRef="how_it_ended" />
    <bpmn:sequenceFlow id="ended_with_sale" name="Sold" sourceRef="how_it_ended" targetRef="ended_won">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Продано" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=record_sale.outcome = "delivered"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="ended_without_sale" name="Not sold" sourceRef="how_it_ended" targetRef="ended_lost">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Не продано" />
        </zeebe:properties>
      </bpmn:extensionElements>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="refused_to_gate" sourceRef="refused" targetRef="refusal_needs_review" />
    <bpmn:sequenceFlow id="lost_to_gate" sourceRef="lost" targetRef="loss_needs_review" />
    <bpmn:sequenceFlow id="refusal_to_head" name="Yes, the head decides" sourceRef="refusal_needs_review" targetRef="review_refusal">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Да, решает руководитель" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=reached("worksheet")</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="refused_early" name="No" sourceRef="refusal_needs_review" targetRef="ended_refused_early">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Нет" />
        </zeebe:properties>
      </bpmn:extensionElements>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="loss_to_head" name="Yes, the head decides" sourceRef="loss_needs_review" targetRef="review_refusal">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Да, решает руководитель" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=reached("worksheet")</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="lost_early" name="No" sourceRef="loss_needs_review" targetRef="ended_lost_early">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Нет" />
        </zeebe:properties>
      </bpmn:extensionElements>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="refusal_decided" sourceRef="review_refusal" targetRef="refusal_reviewed" />
    <bpmn:sequenceFlow id="returned_to_work" name="Return to work" sourceRef="refusal_reviewed" targetRef="deal">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Вернуть в работу" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=review_refusal.decision = "return"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="refusal_confirmed" name="Refusal confirmed" sourceRef="refusal_reviewed" targetRef="ended_refused">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Отказ подтверждён" />
        </zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=review_refusal.decision = "confirm" and review_refusal.closing = "refused"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="loss_confirmed" name="Loss confirmed" sourceRef="refusal_reviewed" targetRef="ended_lost_reviewed">
      <bpmn:extensionElements>
        <zeebe:properties>
          <zeebe:property name="name.ru" value="Потеря подтверждена" />
        </zeebe:properties>
      </bpmn:extensionElements>
    </bpmn:sequenceFlow>
  </bpmn:process>
  <bpmn:message id="message_inquiry_registered" name="inquiry.registered" />
  <bpmn:message id="message_worksheet_refused" name="worksheet.refused">
    <bpmn:extensionElements>
      <zeebe:subscription correlationKey="=case.key" />
    </bpmn:extensionElements>
  </bpmn:message>
  <bpmn:message id="message_worksheet_lost" name="worksheet.lost">
    <bpmn:extensionElements>
      <zeebe:subscription correlationKey="=case.key" />
    </bpmn:extensionElements>
  </bpmn:message>
  <bpmndi:BPMNDiagram id="sales_worksheet_diagram">
    <bpmndi:BPMNPlane id="sales_worksheet_plane" bpmnElement="sales_worksheet">
      <bpmndi:BPMNShape id="inquiry_registered_di" bpmnElement="inquiry_registered">
        <dc:Bounds x="172" y="642" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="140" y="682" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="contact_made_di" bpmnElement="contact_made">
        <dc:Bounds x="292" y="642" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="260" y="682" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="deal_di" bpmnElement="deal" isExpanded="true">
        <dc:Bounds x="400" y="80" width="2480" height="1050" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="deal_entered_di" bpmnElement="deal_entered">
        <dc:Bounds x="442" y="642" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="where_to_di" bpmnElement="where_to" isMarkerVisible="true">
        <dc:Bounds x="545" y="635" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="583" y="691" width="95" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="plan_visit_di" bpmnElement="plan_visit">
        <dc:Bounds x="760" y="210" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="guest_here_di" bpmnElement="guest_here" isMarkerVisible="true">
        <dc:Bounds x="925" y="225" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="903" y="281" width="95" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="confirm_visit_di" bpmnElement="confirm_visit">
        <dc:Bounds x="1080" y="210" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="visit_confirmed_di" bpmnElement="visit_confirmed" isMarkerVisible="true">
        <dc:Bounds x="1275" y="225" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1205" y="286" width="90" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="welcome_di" bpmnElement="welcome">
        <dc:Bounds x="1430" y="210" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="visit_missed_di" bpmnElement="visit_missed">
        <dc:Bounds x="1472" y="272" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1512" y="304" width="96" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="guest_came_di" bpmnElement="guest_came" isMarkerVisible="true">
        <dc:Bounds x="1625" y="225" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1662" y="281" width="95" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="visit_made_di" bpmnElement="visit_made">
        <dc:Bounds x="1782" y="232" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1750" y="214" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="guest_stays_di" bpmnElement="guest_stays" isMarkerVisible="true">
        <dc:Bounds x="1875" y="225" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1855" y="190" width="90" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="looked_only_di" bpmnElement="looked_only">
        <dc:Bounds x="1882" y="352" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1925" y="363" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="needs_analysis_di" bpmnElement="needs_analysis">
        <dc:Bounds x="2030" y="210" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="worksheet_opened_di" bpmnElement="worksheet_opened">
        <dc:Bounds x="2212" y="232" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2180" y="214" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="call_absentee_di" bpmnElement="call_absentee">
        <dc:Bounds x="1430" y="390" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="absentee_result_di" bpmnElement="absentee_result" isMarkerVisible="true">
        <dc:Bounds x="1085" y="405" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1130" y="455" width="90" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="first_answer_di" bpmnElement="first_answer">
        <dc:Bounds x="620" y="940" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="answer_result_di" bpmnElement="answer_result" isMarkerVisible="true">
        <dc:Bounds x="795" y="955" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="840" y="1005" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="not_a_lead_di" bpmnElement="not_a_lead">
        <dc:Bounds x="802" y="1057" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="846" y="1062" width="100" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="follow_up_di" bpmnElement="follow_up" isExpanded="true">
        <dc:Bounds x="950" y="520" width="1340" height="380" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="follow_up_entered_di" bpmnElement="follow_up_entered">
        <dc:Bounds x="992" y="642" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="plan_next_contact_di" bpmnElement="plan_next_contact">
        <dc:Bounds x="1090" y="620" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="plan_exhausted_di" bpmnElement="plan_exhausted" isMarkerVisible="true">
        <dc:Bounds x="1315" y="635" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1232" y="690" width="90" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="follow_up_call_di" bpmnElement="follow_up_call">
        <dc:Bounds x="1470" y="620" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="contact_result_di" bpmnElement="contact_result" isMarkerVisible="true">
        <dc:Bounds x="1715" y="635" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1695" y="691" width="90" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="follow_up_done_di" bpmnElement="follow_up_done">
        <dc:Bounds x="1912" y="642" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1880" y="682" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="review_follow_up_di" bpmnElement="review_follow_up">
        <dc:Bounds x="1470" y="780" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="review_result_di" bpmnElement="review_result" isMarkerVisible="true">
        <dc:Bounds x="1715" y="795" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1695" y="778" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="given_up_di" bpmnElement="given_up">
        <dc:Bounds x="1912" y="802" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1880" y="842" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="after_follow_up_di" bpmnElement="after_follow_up" isMarkerVisible="true">
        <dc:Bounds x="2375" y="635" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2300" y="616" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="lost_in_follow_up_di" bpmnElement="lost_in_follow_up">
        <dc:Bounds x="2382" y="792" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2426" y="803" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="record_sale_di" bpmnElement="record_sale">
        <dc:Bounds x="2530" y="620" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="sale_done_di" bpmnElement="sale_done" isMarkerVisible="true">
        <dc:Bounds x="2695" y="635" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2735" y="691" width="95" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="car_delivered_di" bpmnElement="car_delivered">
        <dc:Bounds x="2702" y="512" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2742" y="523" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="sold_di" bpmnElement="sold">
        <dc:Bounds x="2702" y="402" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2742" y="413" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="how_it_ended_di" bpmnElement="how_it_ended" isMarkerVisible="true">
        <dc:Bounds x="2955" y="635" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2932" y="691" width="95" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_won_di" bpmnElement="ended_won">
        <dc:Bounds x="3102" y="522" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="3070" y="562" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_lost_di" bpmnElement="ended_lost">
        <dc:Bounds x="3102" y="642" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="3070" y="682" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="refused_di" bpmnElement="refused">
        <dc:Bounds x="1282" y="1112" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1322" y="1152" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="lost_di" bpmnElement="lost">
        <dc:Bounds x="1882" y="1112" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1922" y="1152" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="refusal_needs_review_di" bpmnElement="refusal_needs_review" isMarkerVisible="true">
        <dc:Bounds x="1275" y="1265" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1180" y="1254" width="90" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="loss_needs_review_di" bpmnElement="loss_needs_review" isMarkerVisible="true">
        <dc:Bounds x="1875" y="1265" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1932" y="1254" width="90" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="review_refusal_di" bpmnElement="review_refusal">
        <dc:Bounds x="1540" y="1250" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="refusal_reviewed_di" bpmnElement="refusal_reviewed" isMarkerVisible="true">
        <dc:Bounds x="1575" y="1415" width="50" height="50" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1630" y="1454" width="100" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_refused_early_di" bpmnElement="ended_refused_early">
        <dc:Bounds x="1282" y="1382" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1250" y="1422" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_lost_early_di" bpmnElement="ended_lost_early">
        <dc:Bounds x="1882" y="1382" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1850" y="1422" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_refused_di" bpmnElement="ended_refused">
        <dc:Bounds x="1582" y="1542" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1550" y="1582" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_lost_reviewed_di" bpmnElement="ended_lost_reviewed">
        <dc:Bounds x="1762" y="1422" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1730" y="1462" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="inquiry_to_contact_di" bpmnElement="inquiry_to_contact">
        <di:waypoint x="208" y="660" />
        <di:waypoint x="292" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="contact_to_deal_di" bpmnElement="contact_to_deal">
        <di:waypoint x="328" y="660" />
        <di:waypoint x="400" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="deal_ended_di" bpmnElement="deal_ended">
        <di:waypoint x="2880" y="660" />
        <di:waypoint x="2955" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="ended_with_sale_di" bpmnElement="ended_with_sale">
        <di:waypoint x="2980" y="635" />
        <di:waypoint x="2980" y="540" />
        <di:waypoint x="3102" y="540" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2888" y="580" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="ended_without_sale_di" bpmnElement="ended_without_sale">
        <di:waypoint x="3005" y="660" />
        <di:waypoint x="3102" y="660" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="3008" y="642" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="refused_to_gate_di" bpmnElement="refused_to_gate">
        <di:waypoint x="1300" y="1148" />
        <di:waypoint x="1300" y="1265" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="lost_to_gate_di" bpmnElement="lost_to_gate">
        <di:waypoint x="1900" y="1148" />
        <di:waypoint x="1900" y="1265" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="refusal_to_head_di" bpmnElement="refusal_to_head">
        <di:waypoint x="1325" y="1290" />
        <di:waypoint x="1540" y="1290" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1345" y="1272" width="170" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="refused_early_di" bpmnElement="refused_early">
        <di:waypoint x="1300" y="1315" />
        <di:waypoint x="1300" y="1382" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1310" y="1332" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="loss_to_head_di" bpmnElement="loss_to_head">
        <di:waypoint x="1875" y="1290" />
        <di:waypoint x="1660" y="1290" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1685" y="1272" width="170" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="lost_early_di" bpmnElement="lost_early">
        <di:waypoint x="1900" y="1315" />
        <di:waypoint x="1900" y="1382" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1910" y="1332" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="refusal_decided_di" bpmnElement="refusal_decided">
        <di:waypoint x="1600" y="1330" />
        <di:waypoint x="1600" y="1415" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="returned_to_work_di" bpmnElement="returned_to_work">
        <di:waypoint x="1575" y="1440" />
        <di:waypoint x="700" y="1440" />
        <di:waypoint x="700" y="1130" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1465" y="1422" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="refusal_confirmed_di" bpmnElement="refusal_confirmed">
        <di:waypoint x="1600" y="1465" />
        <di:waypoint x="1600" y="1542" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1490" y="1495" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="loss_confirmed_di" bpmnElement="loss_confirmed">
        <di:waypoint x="1625" y="1440" />
        <di:waypoint x="1762" y="1440" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1630" y="1422" width="128" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="deal_to_gate_di" bpmnElement="deal_to_gate">
        <di:waypoint x="478" y="660" />
        <di:waypoint x="545" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="to_visit_di" bpmnElement="to_visit">
        <di:waypoint x="570" y="635" />
        <di:waypoint x="570" y="250" />
        <di:waypoint x="760" y="250" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="600" y="216" width="140" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="to_first_answer_di" bpmnElement="to_first_answer">
        <di:waypoint x="570" y="685" />
        <di:waypoint x="570" y="980" />
        <di:waypoint x="620" y="980" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="460" y="850" width="100" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="to_follow_up_di" bpmnElement="to_follow_up">
        <di:waypoint x="595" y="660" />
        <di:waypoint x="950" y="660" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="625" y="626" width="150" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="visit_planned_di" bpmnElement="visit_planned">
        <di:waypoint x="880" y="250" />
        <di:waypoint x="925" y="250" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="guest_expected_di" bpmnElement="guest_expected">
        <di:waypoint x="975" y="250" />
        <di:waypoint x="1080" y="250" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="981" y="232" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="guest_waits_di" bpmnElement="guest_waits">
        <di:waypoint x="950" y="225" />
        <di:waypoint x="950" y="192" />
        <di:waypoint x="1460" y="192" />
        <di:waypoint x="1460" y="210" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="960" y="175" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="confirm_to_gate_di" bpmnElement="confirm_to_gate">
        <di:waypoint x="1200" y="250" />
        <di:waypoint x="1275" y="250" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="guest_will_come_di" bpmnElement="guest_will_come">
        <di:waypoint x="1325" y="250" />
        <di:waypoint x="1430" y="250" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1332" y="232" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="plan_again_di" bpmnElement="plan_again">
        <di:waypoint x="1300" y="225" />
        <di:waypoint x="1300" y="165" />
        <di:waypoint x="845" y="165" />
        <di:waypoint x="845" y="210" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1040" y="147" width="190" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="visit_cancelled_di" bpmnElement="visit_cancelled">
        <di:waypoint x="1300" y="275" />
        <di:waypoint x="1300" y="520" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1306" y="345" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="welcome_to_gate_di" bpmnElement="welcome_to_gate">
        <di:waypoint x="1550" y="250" />
        <di:waypoint x="1625" y="250" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="guest_arrived_di" bpmnElement="guest_arrived">
        <di:waypoint x="1675" y="250" />
        <di:waypoint x="1782" y="250" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1682" y="232" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="visit_moved_di" bpmnElement="visit_moved">
        <di:waypoint x="1650" y="225" />
        <di:waypoint x="1650" y="138" />
        <di:waypoint x="820" y="138" />
        <di:waypoint x="820" y="210" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1535" y="121" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="guest_not_coming_di" bpmnElement="guest_not_coming">
        <di:waypoint x="1650" y="275" />
        <di:waypoint x="1650" y="520" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1656" y="470" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="visit_to_gate_di" bpmnElement="visit_to_gate">
        <di:waypoint x="1818" y="250" />
        <di:waypoint x="1875" y="250" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="guest_talks_di" bpmnElement="guest_talks">
        <di:waypoint x="1925" y="250" />
        <di:waypoint x="2030" y="250" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1932" y="232" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="guest_only_looks_di" bpmnElement="guest_only_looks">
        <di:waypoint x="1900" y="275" />
        <di:waypoint x="1900" y="352" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1908" y="305" width="110" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="needs_to_milestone_di" bpmnElement="needs_to_milestone">
        <di:waypoint x="2150" y="250" />
        <di:waypoint x="2212" y="250" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="worksheet_to_follow_up_di" bpmnElement="worksheet_to_follow_up">
        <di:waypoint x="2230" y="268" />
        <di:waypoint x="2230" y="520" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="missed_to_call_di" bpmnElement="missed_to_call">
        <di:waypoint x="1490" y="308" />
        <di:waypoint x="1490" y="390" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="absentee_called_di" bpmnElement="absentee_called">
        <di:waypoint x="1430" y="430" />
        <di:waypoint x="1135" y="430" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="absentee_to_visit_di" bpmnElement="absentee_to_visit">
        <di:waypoint x="1085" y="430" />
        <di:waypoint x="845" y="430" />
        <di:waypoint x="845" y="290" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="985" y="412" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="absentee_to_follow_up_di" bpmnElement="absentee_to_follow_up">
        <di:waypoint x="1110" y="455" />
        <di:waypoint x="1110" y="520" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1012" y="480" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="answer_to_gate_di" bpmnElement="answer_to_gate">
        <di:waypoint x="740" y="980" />
        <di:waypoint x="795" y="980" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="answered_to_visit_di" bpmnElement="answered_to_visit">
        <di:waypoint x="820" y="955" />
        <di:waypoint x="820" y="290" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="828" y="870" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="answered_to_follow_up_di" bpmnElement="answered_to_follow_up">
        <di:waypoint x="845" y="980" />
        <di:waypoint x="1030" y="980" />
        <di:waypoint x="1030" y="900" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="900" y="962" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="answered_not_a_lead_di" bpmnElement="answered_not_a_lead">
        <di:waypoint x="820" y="1005" />
        <di:waypoint x="820" y="1057" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="706" y="1024" width="105" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="follow_up_ended_di" bpmnElement="follow_up_ended">
        <di:waypoint x="2290" y="660" />
        <di:waypoint x="2375" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="follow_up_to_visit_di" bpmnElement="follow_up_to_visit">
        <di:waypoint x="2400" y="635" />
        <di:waypoint x="2400" y="110" />
        <di:waypoint x="795" y="110" />
        <di:waypoint x="795" y="210" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2406" y="480" width="100" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="follow_up_to_sale_di" bpmnElement="follow_up_to_sale">
        <di:waypoint x="2425" y="660" />
        <di:waypoint x="2530" y="660" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2432" y="642" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="follow_up_failed_di" bpmnElement="follow_up_failed">
        <di:waypoint x="2400" y="685" />
        <di:waypoint x="2400" y="792" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2408" y="722" width="110" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="sale_to_gate_di" bpmnElement="sale_to_gate">
        <di:waypoint x="2650" y="660" />
        <di:waypoint x="2695" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="sale_is_done_di" bpmnElement="sale_is_done">
        <di:waypoint x="2720" y="635" />
        <di:waypoint x="2720" y="548" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2726" y="580" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="delivered_to_end_di" bpmnElement="delivered_to_end">
        <di:waypoint x="2720" y="512" />
        <di:waypoint x="2720" y="438" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="sale_fell_through_di" bpmnElement="sale_fell_through">
        <di:waypoint x="2720" y="685" />
        <di:waypoint x="2720" y="960" />
        <di:waypoint x="2230" y="960" />
        <di:waypoint x="2230" y="900" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="2600" y="942" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="follow_up_to_plan_di" bpmnElement="follow_up_to_plan">
        <di:waypoint x="1028" y="660" />
        <di:waypoint x="1090" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="plan_to_gate_di" bpmnElement="plan_to_gate">
        <di:waypoint x="1210" y="660" />
        <di:waypoint x="1315" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="contact_planned_di" bpmnElement="contact_planned">
        <di:waypoint x="1365" y="660" />
        <di:waypoint x="1470" y="660" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1372" y="642" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="plan_used_up_di" bpmnElement="plan_used_up">
        <di:waypoint x="1340" y="685" />
        <di:waypoint x="1340" y="820" />
        <di:waypoint x="1470" y="820" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1346" y="745" width="95" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="call_to_gate_di" bpmnElement="call_to_gate">
        <di:waypoint x="1590" y="660" />
        <di:waypoint x="1715" y="660" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="contact_goes_on_di" bpmnElement="contact_goes_on">
        <di:waypoint x="1740" y="635" />
        <di:waypoint x="1740" y="575" />
        <di:waypoint x="1150" y="575" />
        <di:waypoint x="1150" y="620" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1600" y="557" width="110" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="follow_up_over_di" bpmnElement="follow_up_over">
        <di:waypoint x="1765" y="660" />
        <di:waypoint x="1912" y="660" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1774" y="628" width="128" height="27" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="review_to_gate_di" bpmnElement="review_to_gate">
        <di:waypoint x="1590" y="820" />
        <di:waypoint x="1715" y="820" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="review_give_up_di" bpmnElement="review_give_up">
        <di:waypoint x="1765" y="820" />
        <di:waypoint x="1912" y="820" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1790" y="802" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="review_continue_di" bpmnElement="review_continue">
        <di:waypoint x="1740" y="845" />
        <di:waypoint x="1740" y="880" />
        <di:waypoint x="1150" y="880" />
        <di:waypoint x="1150" y="700" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="1600" y="862" width="90" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
','{}','2026-11-21 06:00:00.000000',1),
(2,'watching',1,'ec481df74e9e405ded4d2d16b2b271e76249a096b00b6f0c2e2827999b77dfc2','/tmp/own.bpmn','<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="watching_definitions" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="watching" name="Watching" isExecutable="true">
    <bpmn:startEvent id="begun"><bpmn:outgoing>to_watch</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="to_watch" sourceRef="begun" targetRef="watch" />
    <bpmn:userTask id="watch" name="Watch the car">
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:formDefinition formId="watching/watch" />
        <zeebe:assignmentDefinition candidateGroups="sales_manager" />
        <zeebe:properties><zeebe:property name="name.ru" value="Присмотреть за машиной" /><zeebe:property name="prompt" value="Is it still there?" /><zeebe:property name="prompt.ru" value="Она ещё стоит?" /></zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>to_watch</bpmn:incoming>
      <bpmn:outgoing>to_end</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="every_day" name="Every day" cancelActivity="false" attachedToRef="watch">
      <bpmn:outgoing>to_noted</bpmn:outgoing>
      <bpmn:timerEventDefinition id="every_day_timer"><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R5/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="to_noted" sourceRef="every_day" targetRef="noted" />
    <bpmn:endEvent id="noted"><bpmn:incoming>to_noted</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_end" sourceRef="watch" targetRef="ended" />
    <bpmn:endEvent id="ended"><bpmn:incoming>to_end</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>
','{}','2026-11-28 01:00:08.384102',2);
INSERT INTO "role_grant" (id, user_id, role, centre_id) VALUES
(1,1,'director',NULL),
(2,2,'admin',NULL),
(3,3,'crm_manager',NULL),
(4,4,'marketer',NULL),
(5,5,'sales_head',1),
(6,6,'sales_head',2),
(7,7,'sales_manager',1),
(8,8,'sales_manager',1),
(9,9,'sales_manager',1),
(10,10,'sales_manager',1),
(11,11,'sales_manager',1),
(12,12,'sales_manager',2),
(13,13,'sales_manager',2),
(14,14,'sales_manager',2),
(15,15,'sales_manager',2),
(16,16,'call_operator',NULL),
(17,17,'call_operator',NULL),
(18,18,'receptionist',1),
(19,19,'receptionist',2);
INSERT INTO "tracking_number" (number, source_code, campaign, centre_id) VALUES
('+79000009001','radio','Первый снег',NULL),
('+79000009002','outdoor','Щит у кольцевой',NULL),
('+79000009003','context_ads','Поиск по марке',NULL),
('+79000009004','maps','',NULL);
INSERT INTO "customer_phone" (id, customer_id, number, tail, extension, position) VALUES
(1,1,'+79000000001','10000000097','',0),
(2,2,'+79000000002','20000000097','',0),
(3,3,'+79000000003','30000000097','',0),
(4,4,'+79000000004','40000000097','',0),
(5,5,'+79000000005','50000000097','',0),
(6,6,'+79000000006','60000000097','',0);
INSERT INTO "inquiry" (id, at, channel, department, purpose, customer_id, phone, sex, dialled_number, source_code, campaign, model_code, interest_type, answered, visit_at, result, comment, accepted_by, handed_to, centre_id, case_key, opened_case) VALUES
(1,'2026-11-22 13:00:00.000000','call','sales_new','new_car',1,'+79000000001','f','','context_ads','','nordis_fjord','new',1,'2026-11-27 12:30:00.000000','visit_booked','',17,13,2,'sales.worksheet:1',1),
(2,'2026-11-23 07:04:00.000000','call','sales_new','new_car',2,'+79000000002','m','','context_ads','','aurelia_s4_touring','new',1,'2026-11-28 09:30:00.000000','visit_booked','',16,12,2,'sales.worksheet:2',1),
(3,'2026-11-24 09:02:00.000000','walk_in','sales_used','used_car',3,'+79000000003','m','','recommendation','','nordis_fjord','new',1,NULL,'visit_now','',18,10,1,'sales.worksheet:3',1),
(4,'2026-11-25 09:16:00.000000','walk_in','sales_new','new_car',4,'+79000000004','m','','brand_site','','nordis_fjord','new',1,NULL,'visit_now','',18,8,1,'sales.worksheet:4',1),
(5,'2026-11-26 15:59:00.000000','call','sales_used','used_car',5,'+79000000005','f','','social_ads','','nordis_terra','new',1,'2026-12-02 12:00:00.000000','visit_booked','',17,11,1,'sales.worksheet:5',1),
(6,'2026-11-27 11:55:00.000000','call','sales_new','new_car',6,'+79000000006','f','','dealer_site','','nordis_alma','new',1,NULL,'transferred','',16,15,2,'sales.worksheet:6',1);
INSERT INTO "interaction" (id, customer_id, at, direction, channel, subject, result, comment, next_at, employee_id, case_key) VALUES
(1,1,'2026-11-22 13:00:00.000000','in','call','inquiry.new_car','visit_booked','','2026-11-27 12:30:00.000000',17,'sales.worksheet:1'),
(2,2,'2026-11-23 07:04:00.000000','in','call','inquiry.new_car','visit_booked','','2026-11-28 09:30:00.000000',16,'sales.worksheet:2'),
(3,3,'2026-11-24 09:02:00.000000','in','visit','inquiry.used_car','visit_now','',NULL,18,'sales.worksheet:3'),
(4,3,'2026-11-24 08:58:39.738158','in','visit','worksheet.welcome','continue','',NULL,18,'sales.worksheet:3'),
(5,3,'2026-11-24 09:31:46.074493','in','visit','worksheet.needs','next','',NULL,7,'sales.worksheet:3'),
(6,4,'2026-11-25 09:16:00.000000','in','visit','inquiry.new_car','visit_now','',NULL,18,'sales.worksheet:4'),
(7,4,'2026-11-25 09:27:27.795725','in','visit','worksheet.welcome','continue','',NULL,18,'sales.worksheet:4'),
(8,4,'2026-11-25 10:18:16.504389','in','visit','worksheet.needs','next','',NULL,9,'sales.worksheet:4'),
(9,1,'2026-11-26 06:06:38.374432','out','call','worksheet.confirmation','confirmed','',NULL,13,'sales.worksheet:1'),
(10,5,'2026-11-26 15:59:00.000000','in','call','inquiry.used_car','visit_booked','','2026-12-02 12:00:00.000000',17,'sales.worksheet:5'),
(11,6,'2026-11-27 11:55:00.000000','in','call','inquiry.new_car','transferred','',NULL,16,'sales.worksheet:6'),
(12,1,'2026-11-27 12:25:26.957510','in','visit','worksheet.welcome','continue','',NULL,19,'sales.worksheet:1'),
(13,1,'2026-11-27 15:19:15.462048','in','visit','worksheet.needs','next','',NULL,12,'sales.worksheet:1');
INSERT INTO "process_instance" (id, definition_id, process_key, business_key, scope_id, owner_id, status, rev, state, started_at, ended_at) VALUES
(1,1,'sales_worksheet','sales.worksheet:1',2,12,'active',4,X'5B312C66616C73652C5B5B6E756C6C2C5B5B2228737461727429222C36342C6E756C6C2C223039646138656230386233333433383762626336613338383230653733656330225D2C5B226465616C28626F756E6461727929222C36342C302C223264353766636230653033383434346538313462366161633231393139633831225D2C5B226465616C222C33322C312C223835353639336438386535393464643439636237343638643832383433386638225D2C5B2272656675736564222C382C312C223438306166373562393533613436393039656661363532313831373763393333225D2C5B226C6F7374222C382C312C223361343861663061646136353430313639366164313534396263666366303539225D5D5D2C5B223835353639336438386535393464643439636237343638643832383433386638222C5B5B2228737461727429222C36342C6E756C6C2C226436393664633639316631613435333962303933396638323733366265363436225D2C5B22666F6C6C6F775F7570222C33322C302C226362666532343462376333623465306261313263656162303765623039373234225D5D5D2C5B226362666532343462376333623465306261313263656162303765623039373234222C5B5B2228737461727429222C36342C6E756C6C2C226661396164303230323761373466396661633533323233323835383633366236225D2C5B22666F6C6C6F775F75705F63616C6C222C31362C302C226232626132353763653465393461366139613864623331633861663863623130225D5D5D5D5D','2026-11-22 13:00:00.000000',NULL),
(2,1,'sales_worksheet','sales.worksheet:2',2,12,'active',1,X'5B312C66616C73652C5B5B6E756C6C2C5B5B2228737461727429222C36342C6E756C6C2C223335616362663337646334343434636261663737623535313565656630613866225D2C5B226465616C28626F756E6461727929222C36342C302C223430646430306137303336373439616539336565653735323139303733353730225D2C5B226465616C222C33322C312C226366353836623361373764313437316438386466393932373033356436353365225D2C5B2272656675736564222C382C312C223266656130313530643363663439653161613637643661333735323833656439225D2C5B226C6F7374222C382C312C226637313961653565623466653430373762333866646166343935663835316662225D5D5D2C5B226366353836623361373764313437316438386466393932373033356436353365222C5B5B2228737461727429222C36342C6E756C6C2C226462346635393833363031313438383038326236363863343762626365643536225D2C5B22636F6E6669726D5F7669736974222C31362C302C223064373932616332343064343432623961373564383536316135316235383134225D5D5D5D5D','2026-11-23 07:04:00.000000',NULL),
(3,1,'sales_worksheet','sales.worksheet:3',1,7,'active',3,X'5B312C66616C73652C5B5B6E756C6C2C5B5B2228737461727429222C36342C6E756C6C2C226261306433656339626262653433373338316366643230633637623664303830225D2C5B226465616C28626F756E6461727929222C36342C302C223162303531613434623832303436663862636535313062643533356332363236225D2C5B226465616C222C33322C312C223533656530383737653465353432653638393731363833613461343762656238225D2C5B2272656675736564222C382C312C223765336131383535363435393463653161323131396130643935623731643437225D2C5B226C6F7374222C382C312C226237313161616635373039373437343539386264393633656464393864373039225D5D5D2C5B223533656530383737653465353432653638393731363833613461343762656238222C5B5B2228737461727429222C36342C6E756C6C2C223533353061653632333831623433353938376333643161353866353933623238225D2C5B22666F6C6C6F775F7570222C33322C302C223537323334653532343363313461343062303761303334383336376236646366225D5D5D2C5B223537323334653532343363313461343062303761303334383336376236646366222C5B5B2228737461727429222C36342C6E756C6C2C223162616661343866343339333464646139613139623761626262623038366531225D2C5B22666F6C6C6F775F75705F63616C6C222C31362C302C223836343835363434353930363438323839323134393138633730613434303666225D5D5D5D5D','2026-11-24 09:02:00.000000',NULL),
(4,1,'sales_worksheet','sales.worksheet:4',1,9,'active',3,X'5B312C66616C73652C5B5B6E756C6C2C5B5B2228737461727429222C36342C6E756C6C2C223266346461383666616166373436356139383834656466346230303533366466225D2C5B226465616C28626F756E6461727929222C36342C302C223633386363323732313431353432356261666466643331663964373839663234225D2C5B226465616C222C33322C312C223235323934323463303964313464393638363464663137366538343035393336225D2C5B2272656675736564222C382C312C223433656533346538646335643437353661306434383436626334666264343533225D2C5B226C6F7374222C382C312C223964666137343338363762313430316438396339366233623564323932666438225D5D5D2C5B223235323934323463303964313464393638363464663137366538343035393336222C5B5B2228737461727429222C36342C6E756C6C2C226637356437663530346539393464646262373739623935356334666666336333225D2C5B22666F6C6C6F775F7570222C33322C302C223564623465373735353061623431666562663233336333373132373062303432225D5D5D2C5B223564623465373735353061623431666562663233336333373132373062303432222C5B5B2228737461727429222C36342C6E756C6C2C223235376164333838313062383431663938343338363861653663376138373462225D2C5B22666F6C6C6F775F75705F63616C6C222C31362C302C223163303734313062626236383434643239653163643739613661376634333663225D5D5D5D5D','2026-11-25 09:16:00.000000',NULL),
(5,1,'sales_worksheet','sales.worksheet:5',1,11,'active',1,X'5B312C66616C73652C5B5B6E756C6C2C5B5B2228737461727429222C36342C6E756C6C2C223830353665306161613966623465313361623332353039623361353937333835225D2C5B226465616C28626F756E6461727929222C36342C302C223563393038623736616165333437316538336536666131376635336231663665225D2C5B226465616C222C33322C312C226330663230626339383930643465343661363766303438396364663731326666225D2C5B2272656675736564222C382C312C223333376264663531346330363438396262386131623662626238386636306231225D2C5B226C6F7374222C382C312C226236666438646330633466343435323038363439303134303663636239616135225D5D5D2C5B226330663230626339383930643465343661363766303438396364663731326666222C5B5B2228737461727429222C36342C6E756C6C2C226230653062353032326666373431663839663733346235613434356166383462225D2C5B22636F6E6669726D5F7669736974222C31362C302C226462333364326230383662313464643138303639346539333131326664346363225D5D5D5D5D','2026-11-26 15:59:00.000000',NULL),
(6,1,'sales_worksheet','sales.worksheet:6',2,15,'active',1,X'5B312C66616C73652C5B5B6E756C6C2C5B5B2228737461727429222C36342C6E756C6C2C223534666335356335663036613434323939613835643964373435656262616233225D2C5B226465616C28626F756E6461727929222C36342C302C223333383131613237363263343436313039646134653363356630626530316231225D2C5B226465616C222C33322C312C226265363639363564336137663431346638313362613132666130303831323037225D2C5B2272656675736564222C382C312C223737373264336262643261323432346162386239383266353438363064396336225D2C5B226C6F7374222C382C312C226562393832333339333361363430666461353130393039623437633961323863225D5D5D2C5B226265363639363564336137663431346638313362613132666130303831323037222C5B5B2228737461727429222C36342C6E756C6C2C223837393936336536313865663433666439323035363830346463376361346566225D2C5B22666F6C6C6F775F7570222C33322C302C223763356165636437333438343439616261623562346363653536376339326463225D5D5D2C5B223763356165636437333438343439616261623562346363653536376339326463222C5B5B2228737461727429222C36342C6E756C6C2C226166306264323161386432643432616161613061386639303737373434313936225D2C5B22666F6C6C6F775F75705F63616C6C222C31362C302C226335313266633532663463613435346361383638326434626432393836383837225D5D5D5D5D','2026-11-27 11:55:00.000000',NULL),
(7,2,'watching','watching:1',1,7,'active',2,X'5B312C66616C73652C5B5B6E756C6C2C5B5B2228737461727429222C36342C6E756C6C2C226461393135306639646532353463356662323132613766383863303832653332225D2C5B22776174636828626F756E6461727929222C36342C302C223761336461653662303661613433386538323036383762663030636166383961225D2C5B227761746368222C31362C312C226635383264323235376663653464336438373637363833666330333764636564225D2C5B2265766572795F646179222C382C312C223433653630363436636537663436656462326663383433653063653537616130222C7B22647565223A22323032362D31312D32385432323A30303A32332E3637343838392B30303A3030222C226C656674223A342C226576657279223A5B302C38363430302E305D7D5D5D5D5D5D','2026-11-26 22:00:23.674889',NULL);
INSERT INTO "case_data" (instance_id, document) VALUES
(1,'{"inquiry_registered":{"inquiry_id":1,"customer_id":1,"worksheet_id":1,"channel":"call","answered":true,"walk_in":false,"visit_at":{"$":"datetime","v":"2026-11-27T15:30:00+03:00"},"source":"context_ads","model":"nordis_fjord","purpose":"new_car","interest_type":"new"},"plan_visit":{"visit_at":{"$":"datetime","v":"2026-11-27T12:30:00+00:00"},"confirm_by":{"$":"datetime","v":"2026-11-26T14:00:00+00:00"},"missed_at":{"$":"datetime","v":"2026-11-27T13:00:00+00:00"},"here":false},"confirm_visit":{"outcome":"confirmed","prepare":["test_drive_car"],"retry":false},"welcome":{"outcome":"continue","first_visit":"no","purpose":"new_car","companions":{"$":"decimal","v":"1"},"handed_to":"12","needs_by":{"$":"datetime","v":"2026-11-27T18:00:00+00:00"}},"needs_analysis":{"outcome":"next","customer_kind":"person","replace_or_add":"first","usage":["city","trailer"],"yearly_km":"lt10k","priorities":["safety","dynamics","comfort"],"interest_model":"nordis_alma","gearbox":"automatic","budget_from":{"$":"decimal","v":"4600000.00"},"budget_to":{"$":"decimal","v":"5000000.00"},"pay_method":"credit","monthly_payment_max":{"$":"decimal","v":"51000.00"},"horizon":"30d","temperature":"warm"},"plan_next_contact":{"next_at":{"$":"datetime","v":"2026-11-28T09:00:00+00:00"},"attempt":1,"exhausted":false}}'),
(2,'{"inquiry_registered":{"inquiry_id":2,"customer_id":2,"worksheet_id":2,"channel":"call","answered":true,"walk_in":false,"visit_at":{"$":"datetime","v":"2026-11-28T12:30:00+03:00"},"source":"context_ads","model":"aurelia_s4_touring","purpose":"new_car","interest_type":"new"},"plan_visit":{"visit_at":{"$":"datetime","v":"2026-11-28T09:30:00+00:00"},"confirm_by":{"$":"datetime","v":"2026-11-27T14:00:00+00:00"},"missed_at":{"$":"datetime","v":"2026-11-28T10:00:00+00:00"},"here":false}}'),
(3,'{"inquiry_registered":{"inquiry_id":3,"customer_id":3,"worksheet_id":3,"channel":"walk_in","answered":true,"walk_in":true,"visit_at":null,"source":"recommendation","model":"nordis_fjord","purpose":"used_car","interest_type":"new"},"plan_visit":{"visit_at":{"$":"datetime","v":"2026-11-24T09:07:00+00:00"},"confirm_by":{"$":"datetime","v":"2026-11-24T09:02:00+00:00"},"missed_at":{"$":"datetime","v":"2026-11-24T11:02:00+00:00"},"here":true},"welcome":{"outcome":"continue","first_visit":"no","purpose":"new_car","companions":{"$":"decimal","v":"1"},"handed_to":"7","needs_by":{"$":"datetime","v":"2026-11-24T09:58:39.738158+00:00"}},"needs_analysis":{"outcome":"next","customer_kind":"person","replace_or_add":"replace","current_brand":"Nordis","current_model":"Alma","current_year":{"$":"decimal","v":"2017"},"usage":["highway"],"yearly_km":"gt30k","priorities":["comfort","safety","dynamics"],"interest_model":"aurelia_s4","gearbox":"automatic","budget_from":{"$":"decimal","v":"3400000.00"},"budget_to":{"$":"decimal","v":"3800000.00"},"pay_method":"tradein_plus_credit","monthly_payment_max":{"$":"decimal","v":"32000.00"},"horizon":"later","temperature":"cold"},"plan_next_contact":{"next_at":{"$":"datetime","v":"2026-12-08T09:00:00+00:00"},"attempt":1,"exhausted":false}}'),
(4,'{"inquiry_registered":{"inquiry_id":4,"customer_id":4,"worksheet_id":4,"channel":"walk_in","answered":true,"walk_in":true,"visit_at":null,"source":"brand_site","model":"nordis_fjord","purpose":"new_car","interest_type":"new"},"plan_visit":{"visit_at":{"$":"datetime","v":"2026-11-25T09:21:00+00:00"},"confirm_by":{"$":"datetime","v":"2026-11-25T09:16:00+00:00"},"missed_at":{"$":"datetime","v":"2026-11-25T11:16:00+00:00"},"here":true},"welcome":{"outcome":"continue","first_visit":"no","purpose":"new_car","companions":{"$":"decimal","v":"1"},"handed_to":"9","needs_by":{"$":"datetime","v":"2026-11-25T10:27:27.795725+00:00"}},"needs_analysis":{"outcome":"next","customer_kind":"person","replace_or_add":"replace","current_brand":"Nordis","current_model":"Alma","current_year":{"$":"decimal","v":"2013"},"usage":["city"],"yearly_km":"lt10k","priorities":["safety","price","economy"],"interest_model":"nordis_terra","gearbox":"automatic","budget_from":{"$":"decimal","v":"4500000.00"},"budget_to":{"$":"decimal","v":"4900000.00"},"pay_method":"undecided","horizon":"90d","temperature":"cool"},"plan_next_contact":{"next_at":{"$":"datetime","v":"2026-11-28T09:00:00+00:00"},"attempt":1,"exhausted":false}}'),
(5,'{"inquiry_registered":{"inquiry_id":5,"customer_id":5,"worksheet_id":5,"channel":"call","answered":true,"walk_in":false,"visit_at":{"$":"datetime","v":"2026-12-02T15:00:00+03:00"},"source":"social_ads","model":"nordis_terra","purpose":"used_car","interest_type":"new"},"plan_visit":{"visit_at":{"$":"datetime","v":"2026-12-02T12:00:00+00:00"},"confirm_by":{"$":"datetime","v":"2026-12-01T14:00:00+00:00"},"missed_at":{"$":"datetime","v":"2026-12-02T12:30:00+00:00"},"here":false}}'),
(6,'{"inquiry_registered":{"inquiry_id":6,"customer_id":6,"worksheet_id":6,"channel":"call","answered":true,"walk_in":false,"visit_at":null,"source":"dealer_site","model":"nordis_alma","purpose":"new_car","interest_type":"new"},"plan_next_contact":{"next_at":{"$":"datetime","v":"2026-11-28T09:00:00+00:00"},"attempt":1,"exhausted":false}}'),
(7,'{"begun":{}}');
INSERT INTO "episode" (id, instance_id, process_key, number, opened_at, opened_seq, closed_at, outcome, highest_rank, last_milestone, scope_id, owner_id) VALUES
(1,1,'sales_worksheet',1,'2026-11-22 13:00:00.000000',1,NULL,NULL,2,'worksheet',2,12),
(2,2,'sales_worksheet',1,'2026-11-23 07:04:00.000000',5,NULL,NULL,1,'contact',2,12),
(3,3,'sales_worksheet',1,'2026-11-24 09:02:00.000000',9,NULL,NULL,2,'worksheet',1,7),
(4,4,'sales_worksheet',1,'2026-11-25 09:16:00.000000',23,NULL,NULL,2,'worksheet',1,9),
(5,5,'sales_worksheet',1,'2026-11-26 15:59:00.000000',40,NULL,NULL,1,'contact',1,11),
(6,6,'sales_worksheet',1,'2026-11-27 11:55:00.000000',44,NULL,NULL,1,'contact',2,15),
(7,7,'watching',1,'2026-11-26 22:00:23.674889',60,NULL,NULL,0,NULL,1,7);
INSERT INTO "history_event" (seq, instance_id, definition_id, kind, element, actor_id, at, milestone, payload, command_key, ordinal) VALUES
(1,1,1,'case_opened','inquiry_registered',17,'2026-11-22 13:00:00.000000',NULL,'{"owner":13,"scope":2,"dimensions":{"source":"context_ads","model":"nordis_fjord","channel":"call"}}','a9cc6e7efe73482a9eca8acd9acfce1c',0),
(2,1,1,'operation_called','plan_visit',17,'2026-11-22 13:00:00.000000',NULL,'{"operation":"sales.plan_visit"}','a9cc6e7efe73482a9eca8acd9acfce1c',1),
(3,1,1,'milestone_entered','contact_made',17,'2026-11-22 13:00:00.000000','contact','','a9cc6e7efe73482a9eca8acd9acfce1c',2),
(4,1,1,'task_created','confirm_visit',17,'2026-11-22 13:00:00.000000',NULL,'{"task":1,"assignee":13,"due":{"$":"datetime","v":"2026-11-26T14:00:00+00:00"}}','a9cc6e7efe73482a9eca8acd9acfce1c',3),
(5,2,1,'case_opened','inquiry_registered',16,'2026-11-23 07:04:00.000000',NULL,'{"owner":12,"scope":2,"dimensions":{"source":"context_ads","model":"aurelia_s4_touring","channel":"call"}}','077084df83cf480fa94eabd09c446ee7',0),
(6,2,1,'operation_called','plan_visit',16,'2026-11-23 07:04:00.000000',NULL,'{"operation":"sales.plan_visit"}','077084df83cf480fa94eabd09c446ee7',1),
(7,2,1,'milestone_entered','contact_made',16,'2026-11-23 07:04:00.000000','contact','','077084df83cf480fa94eabd09c446ee7',2),
(8,2,1,'task_created','confirm_visit',16,'2026-11-23 07:04:00.000000',NULL,'{"task":2,"assignee":12,"due":{"$":"datetime","v":"2026-11-27T14:00:00+00:00"}}','077084df83cf480fa94eabd09c446ee7',3),
(9,3,1,'case_opened','inquiry_registered',18,'2026-11-24 09:02:00.000000',NULL,'{"owner":10,"scope":1,"dimensions":{"source":"recommendation","model":"nordis_fjord","channel":"walk_in"}}','93280a2325504e87aabdeec5635b9f3f',0),
(10,3,1,'operation_called','plan_visit',18,'2026-11-24 09:02:00.000000',NULL,'{"operation":"sales.plan_visit"}','93280a2325504e87aabdeec5635b9f3f',1),
(11,3,1,'milestone_entered','contact_made',18,'2026-11-24 09:02:00.000000','contact','','93280a2325504e87aabdeec5635b9f3f',2),
(12,3,1,'task_created','welcome',18,'2026-11-24 09:02:00.000000',NULL,'{"task":3,"assignee":null,"due":{"$":"datetime","v":"2026-11-24T09:07:00+00:00"}}','93280a2325504e87aabdeec5635b9f3f',3),
(13,3,1,'task_completed','welcome',18,'2026-11-24 08:58:39.738158',NULL,'{"task":3,"form":"sales/welcome","form_version":1,"values":{"outcome":"continue","first_visit":"no","purpose":"new_car","companions":{"$":"decimal","v":"1"},"handed_to":"7"}}','demo-3-1-20261124085839',0),
(14,3,1,'milestone_entered','visit_made',18,'2026-11-24 08:58:39.738158','visit','','demo-3-1-20261124085839',1),
(15,3,1,'case_moved',NULL,18,'2026-11-24 08:58:39.738158',NULL,'{"owner":7,"scope":1,"dimensions":{"source":"recommendation","model":"nordis_fjord","channel":"walk_in"}}','demo-3-1-20261124085839',2),
(16,3,1,'task_created','needs_analysis',18,'2026-11-24 08:58:39.738158',NULL,'{"task":4,"assignee":7,"due":{"$":"datetime","v":"2026-11-24T09:58:39.738158+00:00"}}','demo-3-1-20261124085839',3),
(17,3,1,'reminded','needs_analysis',NULL,'2026-11-24 09:28:39.738158',NULL,'{"task":4,"due":{"$":"datetime","v":"2026-11-24T09:58:39.738158+00:00"},"recipients":[7]}','fd044fd611c9418097e60c7c7a5896e4',0),
(18,3,1,'task_completed','needs_analysis',7,'2026-11-24 09:31:46.074493',NULL,'{"task":4,"form":"sales/needs_analysis","form_version":1,"values":{"outcome":"next","customer_kind":"person","replace_or_add":"replace","current_brand":"Nordis","current_model":"Alma","current_year":{"$":"decimal","v":"2017"},"usage":["highway"],"yearly_km":"gt30k","priorities":["comfort","safety","dynamics"],"interest_model":"aurelia_s4","gearbox":"automatic","budget_from":{"$":"decimal","v":"3400000.00"},"budget_to":{"$":"decimal","v":"3800000.00"},"pay_method":"tradein_plus_credit","monthly_payment_max":{"$":"decimal","v":"32000.00"},"horizon":"later"}}','demo-4-1-20261124093146',0),
(19,3,1,'operation_called','plan_next_contact',7,'2026-11-24 09:31:46.074493',NULL,'{"operation":"sales.plan_follow_up"}','demo-4-1-20261124093146',1),
(20,3,1,'milestone_entered','worksheet_opened',7,'2026-11-24 09:31:46.074493','worksheet','','demo-4-1-20261124093146',2),
(21,3,1,'case_moved',NULL,7,'2026-11-24 09:31:46.074493',NULL,'{"owner":7,"scope":1,"dimensions":{"source":"recommendation","model":"aurelia_s4","channel":"walk_in"}}','demo-4-1-20261124093146',3),
(22,3,1,'task_created','follow_up_call',7,'2026-11-24 09:31:46.074493',NULL,'{"task":5,"assignee":7,"due":{"$":"datetime","v":"2026-12-08T09:00:00+00:00"}}','demo-4-1-20261124093146',4),
(23,4,1,'case_opened','inquiry_registered',18,'2026-11-25 09:16:00.000000',NULL,'{"owner":8,"scope":1,"dimensions":{"source":"brand_site","model":"nordis_fjord","channel":"walk_in"}}','3e273114ce0c467fa61212bbdf01dc53',0),
(24,4,1,'operation_called','plan_visit',18,'2026-11-25 09:16:00.000000',NULL,'{"operation":"sales.plan_visit"}','3e273114ce0c467fa61212bbdf01dc53',1),
(25,4,1,'milestone_entered','contact_made',18,'2026-11-25 09:16:00.000000','contact','','3e273114ce0c467fa61212bbdf01dc53',2),
(26,4,1,'task_created','welcome',18,'2026-11-25 09:16:00.000000',NULL,'{"task":6,"assignee":null,"due":{"$":"datetime","v":"2026-11-25T09:21:00+00:00"}}','3e273114ce0c467fa61212bbdf01dc53',3),
(27,4,1,'reminded','welcome',NULL,'2026-11-25 09:21:00.000000',NULL,'{"task":6,"due":{"$":"datetime","v":"2026-11-25T09:21:00+00:00"},"recipients":[18]}','8b27f99eac3543caa3958f536db60699',0),
(28,4,1,'task_completed','welcome',18,'2026-11-25 09:27:27.795725',NULL,'{"task":6,"form":"sales/welcome","form_version":1,"values":{"outcome":"continue","first_visit":"no","purpose":"new_car","companions":{"$":"decimal","v":"1"},"handed_to":"9"},"late_by":{"$":"duration","v":"387795725"}}','demo-6-1-20261125092727',0),
(29,4,1,'milestone_entered','visit_made',18,'2026-11-25 09:27:27.795725','visit','','demo-6-1-20261125092727',1),
(30,4,1,'case_moved',NULL,18,'2026-11-25 09:27:27.795725',NULL,'{"owner":9,"scope":1,"dimensions":{"source":"brand_site","model":"nordis_fjord","channel":"walk_in"}}','demo-6-1-20261125092727',2),
(31,4,1,'task_created','needs_analysis',18,'2026-11-25 09:27:27.795725',NULL,'{"task":7,"assignee":9,"due":{"$":"datetime","v":"2026-11-25T10:27:27.795725+00:00"}}','demo-6-1-20261125092727',3),
(32,4,1,'reminded','needs_analysis',NULL,'2026-11-25 09:57:27.795725',NULL,'{"task":7,"due":{"$":"datetime","v":"2026-11-25T10:27:27.795725+00:00"},"recipients":[9]}','b75c1e8167d341df9431a772d8be8e10',0),
(33,4,1,'task_completed','needs_analysis',9,'2026-11-25 10:18:16.504389',NULL,'{"task":7,"form":"sales/needs_analysis","form_version":1,"values":{"outcome":"next","customer_kind":"person","replace_or_add":"replace","current_brand":"Nordis","current_model":"Alma","current_year":{"$":"decimal","v":"2013"},"usage":["city"],"yearly_km":"lt10k","priorities":["safety","price","economy"],"interest_model":"nordis_terra","gearbox":"automatic","budget_from":{"$":"decimal","v":"4500000.00"},"budget_to":{"$":"decimal","v":"4900000.00"},"pay_method":"undecided","horizon":"90d"}}','demo-7-1-20261125101816',0),
(34,4,1,'operation_called','plan_next_contact',9,'2026-11-25 10:18:16.504389',NULL,'{"operation":"sales.plan_follow_up"}','demo-7-1-20261125101816',1),
(35,4,1,'milestone_entered','worksheet_opened',9,'2026-11-25 10:18:16.504389','worksheet','','demo-7-1-20261125101816',2),
(36,4,1,'case_moved',NULL,9,'2026-11-25 10:18:16.504389',NULL,'{"owner":9,"scope":1,"dimensions":{"source":"brand_site","model":"nordis_terra","channel":"walk_in"}}','demo-7-1-20261125101816',3),
(37,4,1,'task_created','follow_up_call',9,'2026-11-25 10:18:16.504389',NULL,'{"task":8,"assignee":9,"due":{"$":"datetime","v":"2026-11-28T09:00:00+00:00"}}','demo-7-1-20261125101816',4),
(38,1,1,'task_completed','confirm_visit',13,'2026-11-26 06:06:38.374432',NULL,'{"task":1,"form":"sales/confirm_visit","form_version":1,"values":{"outcome":"confirmed","prepare":["test_drive_car"]}}','demo-1-1-20261126060638',0),
(39,1,1,'task_created','welcome',13,'2026-11-26 06:06:38.374432',NULL,'{"task":9,"assignee":null,"due":{"$":"datetime","v":"2026-11-27T12:30:00+00:00"}}','demo-1-1-20261126060638',1),
(40,5,1,'case_opened','inquiry_registered',17,'2026-11-26 15:59:00.000000',NULL,'{"owner":11,"scope":1,"dimensions":{"source":"social_ads","model":"nordis_terra","channel":"call"}}','4e02ace2c25340e3b60ff02e5c02486f',0),
(41,5,1,'operation_called','plan_visit',17,'2026-11-26 15:59:00.000000',NULL,'{"operation":"sales.plan_visit"}','4e02ace2c25340e3b60ff02e5c02486f',1),
(42,5,1,'milestone_entered','contact_made',17,'2026-11-26 15:59:00.000000','contact','','4e02ace2c25340e3b60ff02e5c02486f',2),
(43,5,1,'task_created','confirm_visit',17,'2026-11-26 15:59:00.000000',NULL,'{"task":10,"assignee":11,"due":{"$":"datetime","v":"2026-12-01T14:00:00+00:00"}}','4e02ace2c25340e3b60ff02e5c02486f',3),
(44,6,1,'case_opened','inquiry_registered',16,'2026-11-27 11:55:00.000000',NULL,'{"owner":15,"scope":2,"dimensions":{"source":"dealer_site","model":"nordis_alma","channel":"call"}}','cb3ba86f6b514c43b5d57651add7a638',0),
(45,6,1,'operation_called','plan_next_contact',16,'2026-11-27 11:55:00.000000',NULL,'{"operation":"sales.plan_follow_up"}','cb3ba86f6b514c43b5d57651add7a638',1),
(46,6,1,'milestone_entered','contact_made',16,'2026-11-27 11:55:00.000000','contact','','cb3ba86f6b514c43b5d57651add7a638',2),
(47,6,1,'task_created','follow_up_call',16,'2026-11-27 11:55:00.000000',NULL,'{"task":11,"assignee":15,"due":{"$":"datetime","v":"2026-11-28T09:00:00+00:00"}}','cb3ba86f6b514c43b5d57651add7a638',3),
(48,1,1,'reminded','welcome',NULL,'2026-11-27 12:00:00.000000',NULL,'{"task":9,"due":{"$":"datetime","v":"2026-11-27T12:30:00+00:00"},"recipients":[19]}','a53b4dc74d054672a9a73e2258f5d5ca',0),
(49,1,1,'task_completed','welcome',19,'2026-11-27 12:25:26.957510',NULL,'{"task":9,"form":"sales/welcome","form_version":1,"values":{"outcome":"continue","first_visit":"no","purpose":"new_car","companions":{"$":"decimal","v":"1"},"handed_to":"12"}}','demo-9-1-20261127122526',0),
(50,1,1,'milestone_entered','visit_made',19,'2026-11-27 12:25:26.957510','visit','','demo-9-1-20261127122526',1),
(51,1,1,'case_moved',NULL,19,'2026-11-27 12:25:26.957510',NULL,'{"owner":12,"scope":2,"dimensions":{"source":"context_ads","model":"nordis_fjord","channel":"call"}}','demo-9-1-20261127122526',2),
(52,1,1,'task_created','needs_analysis',19,'2026-11-27 12:25:26.957510',NULL,'{"task":12,"assignee":12,"due":{"$":"datetime","v":"2026-11-27T18:00:00+00:00"}}','demo-9-1-20261127122526',3),
(53,2,1,'reminded','confirm_visit',NULL,'2026-11-27 13:30:00.000000',NULL,'{"task":2,"due":{"$":"datetime","v":"2026-11-27T14:00:00+00:00"},"recipients":[12]}','403b4969242f4764a05bf92ec76c803f',0),
(54,2,1,'reminded','confirm_visit',NULL,'2026-11-27 14:00:00.000000',NULL,'{"task":2,"due":{"$":"datetime","v":"2026-11-27T14:00:00+00:00"},"recipients":[12]}','26984906648445f3b0bda63d827d6698',0),
(55,1,1,'task_completed','needs_analysis',12,'2026-11-27 15:19:15.462048',NULL,'{"task":12,"form":"sales/needs_analysis","form_version":1,"values":{"outcome":"next","customer_kind":"person","replace_or_add":"first","usage":["city","trailer"],"yearly_km":"lt10k","priorities":["safety","dynamics","comfort"],"interest_model":"nordis_alma","gearbox":"automatic","budget_from":{"$":"decimal","v":"4600000.00"},"budget_to":{"$":"decimal","v":"5000000.00"},"pay_method":"credit","monthly_payment_max":{"$":"decimal","v":"51000.00"},"horizon":"30d"}}','demo-12-1-20261127151915',0),
(56,1,1,'operation_called','plan_next_contact',12,'2026-11-27 15:19:15.462048',NULL,'{"operation":"sales.plan_follow_up"}','demo-12-1-20261127151915',1),
(57,1,1,'milestone_entered','worksheet_opened',12,'2026-11-27 15:19:15.462048','worksheet','','demo-12-1-20261127151915',2),
(58,1,1,'case_moved',NULL,12,'2026-11-27 15:19:15.462048',NULL,'{"owner":12,"scope":2,"dimensions":{"source":"context_ads","model":"nordis_alma","channel":"call"}}','demo-12-1-20261127151915',3),
(59,1,1,'task_created','follow_up_call',12,'2026-11-27 15:19:15.462048',NULL,'{"task":13,"assignee":12,"due":{"$":"datetime","v":"2026-11-28T09:00:00+00:00"}}','demo-12-1-20261127151915',4),
(60,7,2,'case_opened','begun',NULL,'2026-11-26 22:00:23.674889',NULL,'{"owner":7,"scope":1,"dimensions":{}}','e80ae349cf5d4cfcba2e2b6db6d1e784',0),
(61,7,2,'task_created','watch',NULL,'2026-11-26 22:00:23.674889',NULL,'{"task":14,"assignee":null,"due":null}','e80ae349cf5d4cfcba2e2b6db6d1e784',1),
(62,7,2,'timer_fired','every_day',NULL,'2026-11-28 01:00:24.157691',NULL,'','c1e085e641494bf39abb0694b53bb773',0);
INSERT INTO "human_task" (id, instance_id, task_guid, element, path, form, candidate_role, assignee_id, scope_id, priority, state, created_at, claimed_at, due_at, sleeps_until, completed_at, completed_by, outcome) VALUES
(1,1,'1c66d0f2011a4ee286b0b16b1df51972','confirm_visit','deal','sales/confirm_visit','sales_manager',13,2,50,'completed','2026-11-22 13:00:00.000000',NULL,'2026-11-26 14:00:00.000000',NULL,'2026-11-26 06:06:38.374432',13,'confirmed'),
(2,2,'0d792ac240d442b9a75d8561a51b5814','confirm_visit','deal','sales/confirm_visit','sales_manager',12,2,50,'open','2026-11-23 07:04:00.000000',NULL,'2026-11-27 14:00:00.000000',NULL,NULL,NULL,NULL),
(3,3,'d26cfab9a10945c0afe8a7bd62581212','welcome','deal','sales/welcome','receptionist',NULL,1,70,'completed','2026-11-24 09:02:00.000000',NULL,'2026-11-24 09:07:00.000000',NULL,'2026-11-24 08:58:39.738158',18,'continue'),
(4,3,'58e98a9455024be89a1b2edfd29b79b1','needs_analysis','deal','sales/needs_analysis','sales_manager',7,1,50,'completed','2026-11-24 08:58:39.738158',NULL,'2026-11-24 09:58:39.738158',NULL,'2026-11-24 09:31:46.074493',7,'next'),
(5,3,'86485644590648289214918c70a4406f','follow_up_call','deal/follow_up','sales/follow_up_call','sales_manager',7,1,50,'open','2026-11-24 09:31:46.074493',NULL,'2026-12-08 09:00:00.000000',NULL,NULL,NULL,NULL),
(6,4,'c3e2c5949f17408191ec5608716a2b6c','welcome','deal','sales/welcome','receptionist',NULL,1,70,'completed','2026-11-25 09:16:00.000000',NULL,'2026-11-25 09:21:00.000000',NULL,'2026-11-25 09:27:27.795725',18,'continue'),
(7,4,'5a0740f11be04f03ba91acb858390b10','needs_analysis','deal','sales/needs_analysis','sales_manager',9,1,50,'completed','2026-11-25 09:27:27.795725',NULL,'2026-11-25 10:27:27.795725',NULL,'2026-11-25 10:18:16.504389',9,'next'),
(8,4,'1c07410bbb6844d29e1cd79a6a7f436c','follow_up_call','deal/follow_up','sales/follow_up_call','sales_manager',9,1,50,'open','2026-11-25 10:18:16.504389',NULL,'2026-11-28 09:00:00.000000',NULL,NULL,NULL,NULL),
(9,1,'12db19942ea742b28b637d8bd4d5412e','welcome','deal','sales/welcome','receptionist',NULL,2,70,'completed','2026-11-26 06:06:38.374432',NULL,'2026-11-27 12:30:00.000000',NULL,'2026-11-27 12:25:26.957510',19,'continue'),
(10,5,'db33d2b086b14dd180694e93112fd4cc','confirm_visit','deal','sales/confirm_visit','sales_manager',11,1,50,'open','2026-11-26 15:59:00.000000',NULL,'2026-12-01 14:00:00.000000',NULL,NULL,NULL,NULL),
(11,6,'c512fc52f4ca454ca8682d4bd2986887','follow_up_call','deal/follow_up','sales/follow_up_call','sales_manager',15,2,50,'open','2026-11-27 11:55:00.000000',NULL,'2026-11-28 09:00:00.000000',NULL,NULL,NULL,NULL),
(12,1,'382590c249394ff09bfd071e7c4f4a8f','needs_analysis','deal','sales/needs_analysis','sales_manager',12,2,50,'completed','2026-11-27 12:25:26.957510',NULL,'2026-11-27 18:00:00.000000',NULL,'2026-11-27 15:19:15.462048',12,'next'),
(13,1,'b2ba257ce4e94a6a9a8db31c8af8cb10','follow_up_call','deal/follow_up','sales/follow_up_call','sales_manager',12,2,50,'open','2026-11-27 15:19:15.462048',NULL,'2026-11-28 09:00:00.000000',NULL,NULL,NULL,NULL),
(14,7,'f582d2257fce4d3d8767683fc037dced','watch','','watching/watch','sales_manager',NULL,1,50,'open','2026-11-26 22:00:23.674889',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "worksheet" (id, customer_id, inquiry_id, centre_id, manager_id, opened_at, source_code, campaign, purpose, interest_type, model_code, budget_from, budget_to, pay_method, horizon, temperature_override, temperature_overridden_at, needs, refusal_code, refusal_comment, competitor_code, competitor_price, may_contact_later, lost_reason, checked_by, checked_at, instruction) VALUES
(1,1,1,2,12,'2026-11-22 13:00:00.000000','context_ads','','new_car','new','nordis_alma',4600000,5000000,'credit','30d',NULL,NULL,'{"customer_kind": "person", "replace_or_add": "first", "current_car": {"brand": null, "model": null, "year": null, "mileage": null, "vin": null}, "usage": ["city", "trailer"], "yearly_km": "lt10k", "gearbox": "automatic", "monthly_payment_max": "51000.00", "priorities": ["safety", "dynamics", "comfort"]}',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,''),
(2,2,2,2,12,'2026-11-23 07:04:00.000000','context_ads','','new_car','new','aurelia_s4_touring',NULL,NULL,NULL,NULL,NULL,NULL,'{}',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,''),
(3,3,3,1,7,'2026-11-24 09:02:00.000000','recommendation','','used_car','new','aurelia_s4',3400000,3800000,'tradein_plus_credit','later',NULL,NULL,'{"customer_kind": "person", "replace_or_add": "replace", "current_car": {"brand": "Nordis", "model": "Alma", "year": 2017, "mileage": null, "vin": null}, "usage": ["highway"], "yearly_km": "gt30k", "gearbox": "automatic", "monthly_payment_max": "32000.00", "priorities": ["comfort", "safety", "dynamics"]}',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,''),
(4,4,4,1,9,'2026-11-25 09:16:00.000000','brand_site','','new_car','new','nordis_terra',4500000,4900000,'undecided','90d',NULL,NULL,'{"customer_kind": "person", "replace_or_add": "replace", "current_car": {"brand": "Nordis", "model": "Alma", "year": 2013, "mileage": null, "vin": null}, "usage": ["city"], "yearly_km": "lt10k", "gearbox": "automatic", "priorities": ["safety", "price", "economy"]}',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,''),
(5,5,5,1,11,'2026-11-26 15:59:00.000000','social_ads','','used_car','new','nordis_terra',NULL,NULL,NULL,NULL,NULL,NULL,'{}',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,''),
(6,6,6,2,15,'2026-11-27 11:55:00.000000','dealer_site','','new_car','new','nordis_alma',NULL,NULL,NULL,NULL,NULL,NULL,'{}',NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,'');
INSERT INTO "appointment" (id, worksheet_id, manager_id, at, status, calls, companions, prepare, made_by, made_at) VALUES
(1,1,13,'2026-11-27 12:30:00.000000','arrived',0,'[]','["test_drive_car"]',17,'2026-11-22 13:00:00.000000'),
(2,2,12,'2026-11-28 09:30:00.000000','planned',0,'[]','[]',16,'2026-11-23 07:04:00.000000'),
(3,5,11,'2026-12-02 12:00:00.000000','planned',0,'[]','[]',17,'2026-11-26 15:59:00.000000');
INSERT INTO "episode_dimension" (episode_id, name, value) VALUES
(1,'channel','call'),
(2,'channel','call'),
(5,'channel','call'),
(6,'channel','call'),
(3,'channel','walk_in'),
(4,'channel','walk_in'),
(3,'model','aurelia_s4'),
(2,'model','aurelia_s4_touring'),
(1,'model','nordis_alma'),
(6,'model','nordis_alma'),
(4,'model','nordis_terra'),
(5,'model','nordis_terra'),
(4,'source','brand_site'),
(1,'source','context_ads'),
(2,'source','context_ads'),
(6,'source','dealer_site'),
(3,'source','recommendation'),
(5,'source','social_ads');
INSERT INTO "episode_milestone" (episode_id, milestone, first_at, first_seq, count, scope_id, owner_id) VALUES
(1,'contact','2026-11-22 13:00:00.000000',3,1,2,13),
(1,'visit','2026-11-27 12:25:26.957510',50,1,2,13),
(1,'worksheet','2026-11-27 15:19:15.462048',57,1,2,12),
(2,'contact','2026-11-23 07:04:00.000000',7,1,2,12),
(3,'contact','2026-11-24 09:02:00.000000',11,1,1,10),
(3,'visit','2026-11-24 08:58:39.738158',14,1,1,10),
(3,'worksheet','2026-11-24 09:31:46.074493',20,1,1,7),
(4,'contact','2026-11-25 09:16:00.000000',25,1,1,8),
(4,'visit','2026-11-25 09:27:27.795725',29,1,1,8),
(4,'worksheet','2026-11-25 10:18:16.504389',35,1,1,9),
(5,'contact','2026-11-26 15:59:00.000000',42,1,1,11),
(6,'contact','2026-11-27 11:55:00.000000',46,1,2,15);
INSERT INTO "follow_up_round" (id, worksheet_id, began_at, ended_at, extra, agreed_at) VALUES
(1,3,'2026-11-24 09:31:46.074493',NULL,0,NULL),
(2,4,'2026-11-25 10:18:16.504389',NULL,0,NULL),
(3,6,'2026-11-27 11:55:00.000000',NULL,0,NULL),
(4,1,'2026-11-27 15:19:15.462048',NULL,0,NULL);
INSERT INTO "visit" (id, worksheet_id, appointment_id, at, centre_id, purpose, first, companions, arrived_on, looked_only, received_by, handed_to) VALUES
(1,3,NULL,'2026-11-24 08:58:39.738158',1,'new_car',0,1,'',0,18,7),
(2,4,NULL,'2026-11-25 09:27:27.795725',1,'new_car',0,1,'',0,18,9),
(3,1,1,'2026-11-27 12:25:26.957510',2,'new_car',0,1,'',0,19,12);
