# What R's package survey says of six designs of invented answers. Run from this folder, with the package installed:
#     Rscript designs.R
# writes designs.csv (proportions, standard errors, design effects and intervals), raking.csv and differences.csv.
# The answers come from the generator of Park & Miller (1988), which test_reference.py repeats exactly:
# state = 16807 * state mod (2^31 - 1) stays below 2^53, and so is exact in doubles.
suppressMessages(library(survey))
options(survey.lonely.psu = "fail", digits = 15)

state <- 2026
draw <- function() {
  state <<- (16807 * state) %% 2147483647
  state / 2147483647
}

units_taken <- c(a = 5, b = 4, c = 3, d = 6)      # primary units in the sample, by stratum
units_there <- c(a = 40, b = 9, c = 3, d = 60)    # in the population; stratum c is taken whole
people_there <- c(a = 900, b = 150, c = 60, d = 2400)

rows <- list()
for (stratum in names(units_taken)) {
  for (unit in seq_len(units_taken[[stratum]])) {
    mood <- draw()                                # what the people of one primary unit share
    for (person in seq_len(4 + floor(12 * draw()))) {
      weight <- (1 + floor(12 * draw())) / 4
      often <- draw() < 0.2 + 0.6 * mood
      rarely <- draw() < 0.06
      answered <- draw() < 0.9
      mostly <- draw() < 0.75 + 0.2 * mood
      group <- 1 + floor(2 * draw())
      if (stratum == "b" && unit < 3) group <- 3  # met in two primary units only
      sex <- if (draw() < 0.4) "f" else "m"
      rows[[length(rows) + 1]] <- data.frame(
        stratum, unit = paste0(stratum, unit), weight, group, sex,
        often = as.numeric(often), rarely = as.numeric(rarely),
        mostly = if (answered) as.numeric(mostly) else NA,
        units_there = units_there[[stratum]], people_there = people_there[[stratum]]
      )
    }
  }
}
people <- do.call(rbind, rows)
people$one <- 1

designs <- list(
  full = svydesign(~unit, strata = ~stratum, weights = ~weight, fpc = ~units_there, data = people),
  unknown_units = svydesign(~unit, strata = ~stratum, weights = ~weight, data = people),
  clusters = svydesign(~unit, weights = ~weight, data = people),
  strata = svydesign(~1, strata = ~stratum, weights = ~weight, fpc = ~people_there, data = people),
  weights = svydesign(~1, weights = ~weight, data = people),
  equal = svydesign(~unit, weights = ~one, fpc = ~I(0 * one + 200), data = people)
)

table <- list()
for (name in names(designs)) for (group in 0:3) for (answer in c("often", "rarely", "mostly")) {
  design <- designs[[name]]
  if (group > 0) design <- eval(bquote(subset(designs[[name]], group == .(group))))
  design <- eval(bquote(subset(design, !is.na(.(as.name(answer))))))
  formula <- as.formula(paste0("~", answer))
  mean <- svymean(formula, design, deff = "replace")
  row <- data.frame(
    design = name, group, answer, n = nrow(design), df = degf(design), est = coef(mean)[[1]],
    se = SE(mean)[[1]], deff = deff(mean)[[1]]
  )
  # xlogit and not logit: that turns the t quantile of 1 degree of freedom into a normal level that rounds to 1
  for (method in c("xlogit", "likelihood", "asin", "beta", "mean")) {
    ends <- tryCatch(
      suppressWarnings(as.vector(attr(svyciprop(formula, design, method = method), "ci"))),
      error = function(problem) c(NaN, NaN)
    )
    row[[paste0(method, "_low")]] <- ends[1]
    row[[paste0(method, "_high")]] <- ends[2]
  }
  table[[length(table) + 1]] <- row
}
write.csv(do.call(rbind, table), "designs.csv", row.names = FALSE)

# Raked to two margins and to three, for everyone and for subgroups: two that cut across all margins (who was the first
# and who the last to answer), and those of a margin. R counts the margins as known: it takes what they do not explain
# of the scores, by going through the margins ten times. With three margins that is not quite the end of it; `se` is
# that of ten rounds, `se_settled` that of R going on for a thousand. `size` is a quantity, of which `size` has the mean and `ratio` that to another one.
people$place <- seq_len(nrow(people))
people$half <- ifelse(people$place %% 2 == 0, "even", "odd")
people$size <- (people$place * 37) %% 23
people$size[people$place %% 7 == 0] <- NA
people$other <- 1 + (people$place * 11) %% 5
of_group <- data.frame(group = 1:3, Freq = c(1600, 1500, 410))
of_sex <- data.frame(sex = c("f", "m"), Freq = c(1490, 2020))
of_stratum <- data.frame(stratum = c("a", "b", "c", "d"), Freq = c(900, 700, 250, 1660))
margins <- list(
  two = list(list(~group, ~sex), list(of_group, of_sex)),
  three = list(list(~group, ~sex, ~stratum), list(of_group, of_sex, of_stratum))
)
domains <- c(all = "TRUE", even = "half == 'even'", odd = "half == 'odd'", g1 = "group == 1", g3 = "group == 3")
raking <- list()
for (name in names(designs)) for (which in names(margins)) {
  filled <- function(answers) ifelse(is.na(answers), 0, answers)  # a subset of a raked design keeps all rows
  whole <- update(designs[[name]], mostly = filled(mostly), size = filled(people$size), other = people$other)
  raked <- rake(
    whole, margins[[which]][[1]], margins[[which]][[2]], control = list(maxit = 10000, epsilon = 1e-14)
  )
  settled <- raked
  settled$postStrata <- list(structure(rep(raked$postStrata[[1]], 100), class = "raking"))
  weights <- weights(raked)
  estimate <- function(design) {
    if (answer == "ratio") svyratio(~size, ~other, design) else svymean(formula, design)
  }
  for (domain in names(domains)) for (answer in c("often", "rarely", "mostly", "size", "ratio")) {
    formula <- as.formula(paste0("~", if (answer == "ratio") "size" else answer))
    inside <- eval(parse(text = domains[[domain]]), people) & !is.na(people[[all.vars(formula)]])
    design <- raked[inside, ]
    share <- answer %in% c("often", "rarely", "mostly")
    raking[[length(raking) + 1]] <- data.frame(
      design = name, margins = which, domain, answer, n = sum(inside), df = degf(design),
      est = coef(estimate(design))[[1]], se = SE(estimate(design))[[1]], se_settled = SE(estimate(settled[inside, ]))[[1]],
      deff = if (share) deff(svymean(formula, design, deff = "replace"))[[1]] else NA,
      least = min(weights), most = max(weights), first = weights[1]
    )
  }
}
write.csv(do.call(rbind, raking), "raking.csv", row.names = FALSE)

# Two samples that share no stratum: as two waves, or two groups that were sampled on their own.
differences <- list()
for (answer in c("often", "rarely")) {
  people$late <- as.numeric(people$stratum %in% c("c", "d"))
  both <- svydesign(~unit, strata = ~stratum, weights = ~weight, fpc = ~units_there, data = people)
  test <- svyttest(as.formula(paste(answer, "~ late")), both)
  differences[[length(differences) + 1]] <- data.frame(
    answer, difference = test$estimate[[1]], se = test$estimate[[1]] / test$statistic[[1]],
    df = test$parameter[[1]], p = test$p.value
  )
}
write.csv(do.call(rbind, differences), "differences.csv", row.names = FALSE)
