-- The e-wallet's tables, as MySQL and SQLite take them.
CREATE TABLE users (user_id varchar(20) PRIMARY KEY, name varchar(100), email varchar(100), city varchar(50), registered_at datetime);
CREATE TABLE merchants (merchant_id varchar(20) PRIMARY KEY, name varchar(100), category varchar(50), city varchar(50));
CREATE TABLE transactions (transaction_id varchar(20) PRIMARY KEY, user_id varchar(20), merchant_id varchar(20),
  amount decimal(10,2), status varchar(20), transaction_time datetime);
INSERT INTO users VALUES
  ('U001', 'Ayu Lestari', 'ayu@example.com', 'Bandung', '2023-11-02 09:12:00'),
  ('U002', 'Budi Santoso', 'budi@example.com', 'Jakarta', '2023-12-24 17:45:10'),
  ('U003', 'Citra Dewi', NULL, 'Surabaya', '2024-01-15 08:00:00');
INSERT INTO merchants VALUES
  ('M01', 'Warung Kopi', 'food', 'Bandung'),
  ('M02', 'Toko Buku', 'books', 'Jakarta');
INSERT INTO transactions VALUES
  ('TX1001', 'U001', 'M01', 50000.00, 'SUCCESS', '2024-03-01 08:15:00'),
  ('TX1002', 'U002', 'M02', 25000.00, 'SUCCESS', '2024-03-01 09:30:00'),
  ('TX1003', 'U001', 'M02', 150000.00, 'SUCCESS', '2024-03-01 12:00:00'),
  ('TX1004', 'U003', 'M01', 10000.00, 'FAILED', '2024-03-01 18:20:00'),
  ('TX1005', 'U003', 'M01', 49999.99, 'SUCCESS', '2024-03-02 07:05:00');
