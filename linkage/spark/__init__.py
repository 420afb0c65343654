"""Past one machine: the tables of the first rooms on Apache Spark, made by the same statements."""
