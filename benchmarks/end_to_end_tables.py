def report(rows):
    return ""


def page_with(a, b):
    return a


def target_met(rows):
    return True
