package outbox

// ValueNumber is the key of the customer number that an event about one customer is about. The changes of master data
// stand beside it, see masterdata.Values; the values of merge orders are those of package order.
const ValueNumber = "customerNumber"
