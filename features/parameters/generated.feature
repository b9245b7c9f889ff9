@parameters @generated
Feature: Generated requests
  Requests are generated from the parameters of the contract, with valid and invalid values.
  Every answer is a documented one.

  @R-BAD-PARAMETER
  Rule: A bad parameter is answered with a 4xx status: whatever is sent, the answer is a documented one and no 5xx.

    @generated-requests @R-REFUSED-UNCHANGED
    Scenario Outline: <action> gives documented answers to generated requests
      Given a <start> instance
      When 60 generated requests are sent to <action>
      Then every answer is a documented one
      And the instance is unchanged

      Examples:
        | every action |
